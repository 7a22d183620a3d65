// SPDX-License-Identifier: Apache-2.0
import { acceptsMeasured, BOOT_ARTIFACT_FIELDS, BOOT_PREVIEW_LANE, expectUniform } from '../boot-preview.js';
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';

export const bootPreviewArtifactValidate: Guard = {
  name: 'seabios_grub_boot_preview_boot_artifact_manifest_validate',
  summary: 'without a manifest every field of one is missing, and there is no candidate',
  async check(drive) {
    const answer = await acceptsMeasured(drive, BOOT_PREVIEW_LANE.artifactValidate);
    expectFields(answer, {
      seabios_grub_boot_preview_boot_artifact_manifest_validation_present: 1,
      boot_artifact_manifest_validation_mode: 'no-effect-readiness-check',
      boot_artifact_manifest_validation_decision: 'blocked-fixture-only-incomplete',
      boot_artifact_manifest_candidate_ready: 0,
      boot_artifact_manifest_present: 0,
      production_os_claim: 0,
    });
    expectUniform(answer, 'missing_required_future_fields', BOOT_ARTIFACT_FIELDS, 'missing');
  },
};
