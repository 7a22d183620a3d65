// SPDX-License-Identifier: Apache-2.0
import type { Guard } from './guard.js';
import { artifactManifestFromFiles } from './guards/artifact-manifest-from-files.js';
import { artifactManifestTemplate } from './guards/artifact-manifest-template.js';
import { artifactManifestValidate } from './guards/artifact-manifest-validate.js';
import { bootPreviewArgvTemplate } from './guards/boot-preview-argv-template.js';
import { bootPreviewArtifactTemplate } from './guards/boot-preview-artifact-template.js';
import { bootPreviewArtifactValidate } from './guards/boot-preview-artifact-validate.js';
import { bootPreviewContract } from './guards/boot-preview-contract.js';
import { bootPreviewEvidenceTemplate } from './guards/boot-preview-evidence-template.js';
import { bootPreviewEvidenceValidate } from './guards/boot-preview-evidence-validate.js';
import { bootPreviewPreflight } from './guards/boot-preview-preflight.js';
import { operatorBundleFromArtifacts } from './guards/operator-bundle-from-artifacts.js';
import { releaseReadinessContract } from './guards/release-readiness-contract.js';
import { usbWriteCommand } from './guards/usb-write-command.js';
import { vmTestCommand } from './guards/vm-test-command.js';

/** Every guard, in the order in which `latticra guard` runs them. */
export const GUARDS: readonly Guard[] = [
  releaseReadinessContract,
  artifactManifestTemplate,
  artifactManifestFromFiles,
  artifactManifestValidate,
  operatorBundleFromArtifacts,
  usbWriteCommand,
  vmTestCommand,
  bootPreviewContract,
  bootPreviewPreflight,
  bootPreviewEvidenceTemplate,
  bootPreviewEvidenceValidate,
  bootPreviewArgvTemplate,
  bootPreviewArtifactTemplate,
  bootPreviewArtifactValidate,
];
