// SPDX-License-Identifier: Apache-2.0
export { type ProfileBoot, profileArgv, profileMachine } from './argv.js';
export { bootArtifactManifestValidationDocument } from './artifact/document.js';
export { bootArtifactManifestDocument } from './artifact/format.js';
export { type LoadedBootArtifactManifest, loadBootArtifactManifest } from './artifact/load.js';
export { parseBootArtifactManifest } from './artifact/parse.js';
export {
  type ArtifactFormat,
  BOOT_ARTIFACT_MANIFEST_TITLE,
  type BootArtifactManifest,
  type PartitionScheme,
  type RecordedFile,
} from './artifact/schema.js';
export {
  type BootArtifactValidation,
  type BootArtifactValidationOptions,
  validateBootArtifacts,
} from './artifact/validate.js';
export { type CapturedEvidence, type CaptureReports, captureEvidence } from './capture/capture.js';
export { captureDocument } from './capture/document.js';
export {
  type CapturePlan,
  type CaptureRequest,
  type CaptureSurroundings,
  captureCommand,
  planCapture,
} from './capture/plan.js';
export { assertConsent, loadOperatorConsent } from './consent/check.js';
export { operatorConsentDocument } from './consent/format.js';
export { parseOperatorConsent } from './consent/parse.js';
export { CONSENT_TITLE, type OperatorConsent } from './consent/schema.js';
export { BOOT_ARTIFACT_MANIFEST_FIELDS } from './document/boot-artifact-manifest-fields.js';
export { bootArtifactManifestTemplateDocument } from './document/boot-artifact-manifest-template.js';
export {
  BOOT_ARTIFACT_MANIFEST_VALIDATION_TITLE,
  blockedBootArtifactManifestValidation,
} from './document/boot-artifact-manifest-validation.js';
export { EVIDENCE_FIELDS } from './document/evidence-fields.js';
export { evidenceTemplateDocument } from './document/evidence-template.js';
export { blockedEvidenceValidation, EVIDENCE_VALIDATION_TITLE } from './document/evidence-validation.js';
export type { Guarded } from './document/no-effect.js';
export { PREFLIGHT_TOOLS, type PreflightSurvey, preflightDocument } from './document/preflight.js';
export { qemuArgvTemplateDocument } from './document/qemu-argv-template.js';
export { surveyPreflight } from './document/survey.js';
export { BootPreviewError, type BootPreviewErrorCode } from './error.js';
export { evidenceValidationDocument } from './evidence/document.js';
export { evidenceDocument } from './evidence/format.js';
export { type LoadedEvidence, loadEvidence } from './evidence/load.js';
export { parseEvidence } from './evidence/parse.js';
export {
  type BootEvidence,
  EVIDENCE_TITLE,
  type EvidenceFiles,
  type RecordedFirmware,
} from './evidence/schema.js';
export {
  type EvidenceValidation,
  type EvidenceValidationOptions,
  type ValidatedEvidence,
  validateEvidence,
} from './evidence/validate.js';
export {
  buildProfileImage,
  type ImageBuild,
  type ImageBuildRequest,
  type ImageBuildSurroundings,
} from './image/build.js';
export { imageBuildDocument } from './image/document.js';
export {
  type BootPreviewProfile,
  PROFILE_NAMES,
  PROFILES,
  type ProfileName,
  profileNamed,
} from './profile.js';
