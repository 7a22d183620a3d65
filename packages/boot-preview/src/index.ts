// SPDX-License-Identifier: Apache-2.0
export { type ProfileBoot, profileArgv } from './argv.js';
export { type LoadedBootArtifactManifest, loadBootArtifactManifest } from './artifact/load.js';
export { type BootArtifactManifest, bootArtifactManifest } from './artifact/schema.js';
export {
  type BootArtifactValidation,
  type BootArtifactValidationOptions,
  validateBootArtifacts,
} from './artifact/validate.js';
export { type CapturedEvidence, type CaptureReports, captureEvidence } from './capture/capture.js';
export { captureDocument } from './capture/document.js';
export {
  type CaptureHost,
  type CapturePlan,
  type CaptureRequest,
  captureCommand,
  planCapture,
} from './capture/plan.js';
export { operatorConsent } from './consent/schema.js';
export { bootArtifactManifestTemplateDocument } from './document/boot-artifact-manifest-template.js';
export { blockedBootArtifactManifestValidation } from './document/boot-artifact-manifest-validation.js';
export { evidenceTemplateDocument } from './document/evidence-template.js';
export { blockedEvidenceValidation } from './document/evidence-validation.js';
export type { Guarded } from './document/no-effect.js';
export { PREFLIGHT_TOOLS, type PreflightSurvey, preflightDocument } from './document/preflight.js';
export { qemuArgvTemplateDocument } from './document/qemu-argv-template.js';
export { surveyPreflight } from './document/survey.js';
export { bootArtifactManifestValidationDocument } from './document/validated-artifact.js';
export { evidenceValidationDocument } from './document/validated-evidence.js';
export { BootPreviewError, type BootPreviewErrorCode } from './error.js';
export type { LoadedEvidence } from './evidence/load.js';
export { type BootEvidence, bootEvidence } from './evidence/schema.js';
export type { RecordedFile } from './files/recorded.js';
export {
  buildProfileImage,
  type ImageBuild,
  type ImageBuildHost,
  type ImageBuildRequest,
} from './image/build.js';
export { imageBuildDocument } from './image/document.js';
export { type BootPreviewProfile, PROFILE_NAMES, type ProfileName, profileNamed } from './profile.js';
export {
  type EvidenceValidation,
  type EvidenceValidationOptions,
  type ValidatedEvidence,
  validateEvidence,
} from './validation/validate.js';
