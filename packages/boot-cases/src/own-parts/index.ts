// SPDX-License-Identifier: Apache-2.0
export { findOwnParts } from './find.js';
