// SPDX-License-Identifier: Apache-2.0
export { planVerity, type VerityLevel, type VerityOptions, type VerityPlan } from './plan.js';
export { readVeritySuperblock } from './superblock.js';
export { type VerityTable, type VerityTableOptions, verityTable } from './table.js';
export {
  type VerityCheck,
  type VerityFault,
  type VerityInput,
  verifyVerity,
  verifyVerityInSteps,
} from './verify.js';
export { type VerityWriter, writeVerity } from './write.js';
