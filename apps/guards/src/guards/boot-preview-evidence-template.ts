// SPDX-License-Identifier: Apache-2.0
import {
  acceptsMeasured,
  BOOT_PREVIEW_LANE,
  EVIDENCE_FIELDS,
  expectUniform,
  sectionValues,
} from '../boot-preview.js';
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';

const LANE = BOOT_PREVIEW_LANE.evidenceTemplate;
const SECTION = 'required_future_bundle_fields';

export const bootPreviewEvidenceTemplate: Guard = {
  name: 'seabios_grub_boot_preview_evidence_template',
  summary:
    'the template lists what a record needs, names the fixture it was made beside, and records nothing',
  async check(drive) {
    const answer = await acceptsMeasured(drive, LANE);
    expectFields(answer, {
      seabios_grub_boot_preview_evidence_capture_template_present: 1,
      capture_template_mode: 'no-effect-template',
      capture_template_decision: 'blocked-template-only-no-boot-execution',
      capture_template_complete: 0,
      boot_evidence_record_ready: 0,
      qemu_boot_execution_attempted: 0,
    });
    const fixture = ['boot_preview_manifest_path', 'boot_preview_manifest_sha256'];
    expectUniform(answer, SECTION, EVIDENCE_FIELDS, '<required-before-boot-evidence>', fixture);
    expectFields(
      { ...answer, values: sectionValues(answer, SECTION) },
      {
        boot_preview_manifest_path: 'own.toml',
        boot_preview_manifest_sha256: answer.values.get('manifest_measurement') ?? '',
      },
    );
    await drive.refuses(LANE, ['--evidence', 'x'], 64, /unknown flag --evidence/);
  },
};
