// SPDX-License-Identifier: Apache-2.0
export { formatMbr } from './format.js';
export { BOOT_CODE_SIZE, type Mbr, type MbrPartition, type MbrPlan } from './mbr.js';
export { readMbr } from './parse.js';
export { formatProtectiveMbr, type ProtectiveMbrPlan } from './protective.js';
