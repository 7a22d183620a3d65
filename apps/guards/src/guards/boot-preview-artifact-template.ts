// SPDX-License-Identifier: Apache-2.0
import { acceptsMeasured, BOOT_ARTIFACT_FIELDS, BOOT_PREVIEW_LANE, expectUniform } from '../boot-preview.js';
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';

const LANE = BOOT_PREVIEW_LANE.artifactTemplate;

export const bootPreviewArtifactTemplate: Guard = {
  name: 'seabios_grub_boot_preview_boot_artifact_manifest_template',
  summary: 'the template lists what a boot artifact manifest needs, and makes no image',
  async check(drive) {
    const answer = await acceptsMeasured(drive, LANE);
    expectFields(answer, {
      seabios_grub_boot_preview_boot_artifact_manifest_template_present: 1,
      boot_artifact_manifest_template_mode: 'no-effect-template',
      boot_artifact_manifest_template_decision: 'blocked-template-only-no-artifact',
      boot_artifact_manifest_ready: 0,
      boot_artifact_manifest_present: 0,
      disk_image_created: 0,
    });
    const section = 'required_future_manifest_fields';
    expectUniform(answer, section, BOOT_ARTIFACT_FIELDS, '<required-before-boot-artifact>');
    await drive.refuses(LANE, ['--boot-artifact-manifest', 'x'], 64, /unknown flag --boot-artifact-manifest/);
  },
};
