// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, flag } from '@latticra/evidence-format';
import { bootArtifactManifest } from '../artifact/schema.js';
import { type Guarded, noEffectDocument, uniformSection } from './no-effect.js';

/** The title line of every report of a validation of a boot artifact manifest. */
export const BOOT_ARTIFACT_MANIFEST_VALIDATION_TITLE =
  'SEABIOS GRUB BOOT PREVIEW BOOT ARTIFACT MANIFEST VALIDATION';

/** Makes the report where no manifest was given: the fixture says that there is none. */
export function blockedBootArtifactManifestValidation(guarded: Guarded): EvidenceDocument {
  const { manifest } = guarded.fixture;
  return noEffectDocument(guarded, {
    title: BOOT_ARTIFACT_MANIFEST_VALIDATION_TITLE,
    values: {
      seabios_grub_boot_preview_boot_artifact_manifest_validation_present: 1,
      boot_artifact_manifest_validation_mode: 'no-effect-readiness-check',
      boot_artifact_manifest_validation_decision: 'blocked-fixture-only-incomplete',
      boot_artifact_manifest_candidate_ready: 0,
      boot_artifact_manifest_present: flag(manifest.boot_artifact_manifest_present),
      bootable_os_ready: flag(manifest.bootable_os_ready),
      production_os_claim: flag(manifest.production_os_claim),
    },
    required: uniformSection('missing_required_future_fields', bootArtifactManifest.keys, 'missing'),
  });
}
