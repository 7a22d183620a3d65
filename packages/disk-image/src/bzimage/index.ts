// SPDX-License-Identifier: Apache-2.0
export { type BzImage, readBzImage } from './read.js';
