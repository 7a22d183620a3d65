// SPDX-License-Identifier: Apache-2.0
export { encodeQcow2, type Qcow2Options } from './encode.js';
