// SPDX-License-Identifier: Apache-2.0
export { LinuxImageError, type LinuxImageErrorCode } from './error.js';
export { onlyLine } from './only-line.js';
