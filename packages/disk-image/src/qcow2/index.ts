// SPDX-License-Identifier: Apache-2.0
export { checkQcow2, type Qcow2Check, type Qcow2Problem } from './check.js';
export { encodeQcow2, type Qcow2Options } from './encode.js';
export { openQcow2, type Qcow2Disk } from './open.js';
