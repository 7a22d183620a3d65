// SPDX-License-Identifier: Apache-2.0
export { buildSbom } from './build/build.js';
export { formatSbom } from './build/format.js';
export type { SbomFile, SbomInput, SbomPackage, SbomRelationship } from './build/input.js';
export { type CheckOptions, checkSbom, type SbomCheck } from './check/check.js';
export { checkSbomFiles, type SbomFilesCheck } from './check/check-files.js';
export { type JsonLimits, MAX_SBOM_BYTES, parseStrictJson, type StrictJson } from './check/json.js';
export { sbomLists } from './check/lists.js';
export type { Finding, FindingLevel } from './check/model/finding.js';
export type { Digests, ListedFile } from './check/rules/measured.js';
export { type FirmwareUse, firmwarePackage } from './component/firmware.js';
export { grubPackage } from './component/grub.js';
export { SbomError, type SbomErrorCode } from './error.js';
export { SEED_ARTIFACTS, type SeedArtifact } from './seed/artifact.js';
export {
  type MeasuredSeed,
  type MeasureSeedOptions,
  measureSeed,
  type SeedMeasurement,
} from './seed/measure.js';
export { type SeedSbomInput, seedSbom } from './seed/seed-sbom.js';
export type { SeedSource } from './seed/source.js';
export { formatCreated, isSpdxTime } from './spdx/created.js';
export type {
  SpdxChecksum,
  SpdxDocument,
  SpdxExternalRef,
  SpdxFile,
  SpdxPackage,
  SpdxRelationship,
  SpdxVerificationCode,
} from './spdx/document.js';
export type { FileType, PackagePurpose, RelationshipType } from './spdx/vocabulary.js';
