// SPDX-License-Identifier: Apache-2.0
export { type AddedImages, addImages } from './add-images.js';
export { collectRecords, type RecordCollector, type RecordMember, type RootRecords } from './collect.js';
export { type ImagesSbomInput, imagesSbom } from './images-sbom.js';
export { type MeasuredRoot, measureArtifact, measureRoot } from './measure.js';
export type { OsRelease } from './os-release.js';
export type { DeclaredLicence, ExtractedLicence, SystemPackage } from './package.js';
export { type OperatingSystem, readSystem } from './system.js';
export {
  type MeasuredArtifact,
  type SystemArtifact,
  type SystemSbomInput,
  systemSbom,
} from './system-sbom.js';
export type { UnreadDatabase } from './unread.js';
export { systemWarnings } from './warnings.js';
