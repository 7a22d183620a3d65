// SPDX-License-Identifier: Apache-2.0
export { seedValidationDocument } from './document.js';
export { SEED_RECORD_FILE } from './names.js';
export {
  type SeedRecordLabels,
  type WrittenSeedRecord,
  writeSeedRecord,
  writeVmImageRecord,
} from './record.js';
export { BUILD_TYPE as SEED_BUILD_TYPE, recordedSeedBuild } from './recorded-build.js';
export { type SeedBuildRecord, seedBuildRecord } from './schema.js';
export {
  type SeedBuildValidation,
  type ValidateSeedBuildOptions,
  validateSeedBuild,
} from './validate.js';
