// SPDX-License-Identifier: Apache-2.0
export { type ProfileBoot, profileArgv, profileMachine } from './argv.js';
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
export { BootPreviewError, type BootPreviewErrorCode } from './error.js';
export {
  type BootPreviewProfile,
  PROFILE_NAMES,
  PROFILES,
  type ProfileName,
  profileNamed,
} from './profile.js';
