// SPDX-License-Identifier: Apache-2.0
export {
  type ArtifactFiles,
  type FromFilesOptions,
  type ManifestFiles,
  manifestFromFiles,
} from './artifact/from-files.js';
export { type LoadedArtifactManifest, loadArtifactManifest } from './artifact/load.js';
export {
  type ArtifactManifest,
  type ArtifactRecord,
  artifactManifest,
  VM_IMAGE_FORMATS,
  type VmImageFormat,
  type VmImageRecord,
} from './artifact/schema.js';
export { currentCommit, localBuildEnvironment } from './artifact/source-commit.js';
export { checkSourceTag, recordedSource, type SourceTagStatus, tagAtHead } from './artifact/source-tag.js';
export {
  type ArtifactSidecars,
  type ArtifactSurvey,
  type SignatureStatus,
  type SurveyOptions,
  surveyArtifacts,
} from './artifact/survey.js';
export { artifactManifestTemplateDocument } from './artifact/template.js';
export {
  type ArtifactRole,
  type ArtifactValidation,
  measureArtifacts,
  type ValidateOptions,
  type VerifiedArtifact,
  validateArtifacts,
} from './artifact/validate.js';
export { fixtureValidationDocument, validationDocument } from './artifact/validation-document.js';
export { buildSource, SOURCE_FLAGS, type SourceFlags } from './build-source.js';
export { ManifestError, type ManifestErrorCode } from './error.js';
export { filePath, UNSIGNED_LOCAL } from './file-path.js';
export { type BootPreviewFixture, bootPreviewFixture } from './fixture/boot-preview.js';
export type { ExpectedTable } from './fixture/facts.js';
export {
  type FixtureLoader,
  fixtureLoader,
  type LoadedFixture,
} from './fixture/guard.js';
export { PREFLIGHT_TOOLS, releasePreflightDocument } from './fixture/preflight.js';
export { type ReleaseFixture, releaseFixture } from './fixture/release.js';
export {
  type InputBundleFiles,
  type InputBundleOptions,
  inputBundleFromFiles,
} from './input-bundle/from-files.js';
export { type LoadedInputBundle, loadInputBundle } from './input-bundle/load.js';
export { type MeasureInput, measureTracked } from './input-bundle/measure.js';
export { type CheckedRootfs, checkRootfs } from './input-bundle/rootfs.js';
export {
  type InputBundleManifest,
  type InputRecord,
  inputBundle,
  ROOTFS_FORMATS,
  type RootfsFormat,
  type RootfsRecord,
} from './input-bundle/schema.js';
export {
  type InputBundleValidateOptions,
  type InputBundleValidation,
  type VerifiedInput,
  validateInputBundle,
} from './input-bundle/validate.js';
export { inputBundleValidationDocument } from './input-bundle/validation-document.js';
export {
  type InspectedFile,
  type InspectInput,
  inspectFile,
  inspectOpen,
  inspectTracked,
  requireContent,
  requireFile,
} from './inspected.js';
export { type FileFacts, inspectionDocument } from './inspection/document.js';
export { type LoadedManifest, loadManifest, parseNamed } from './load.js';
export { type PlaceOptions, placeOf } from './place.js';
export { buildPreflightDocument } from './preflight/build.js';
export {
  type BuildInputOptions,
  type BuildInputs,
  type BuildPaths,
  surveyBuildInputs,
} from './preflight/build-inputs.js';
export { toolchainPreflightDocument } from './preflight/toolchain.js';
export { type Recording, type RecordingRun, recordingOf } from './recording.js';
export type { Tracker } from './tracker.js';
