// SPDX-License-Identifier: Apache-2.0
export { checkQcow2, type Qcow2Check, type Qcow2Problem } from './check.js';
export { describeQcow2, type Qcow2Facts } from './describe.js';
export { encodeQcow2, type Qcow2Options } from './encode.js';
export type { Qcow2Features } from './features.js';
export { openQcow2, type Qcow2Disk } from './open.js';
export type { Qcow2Snapshot } from './snapshots.js';
