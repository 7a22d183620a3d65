// SPDX-License-Identifier: Apache-2.0
import { acceptsMeasured, BOOT_PREVIEW_LANE, EVIDENCE_FIELDS, expectUniform } from '../boot-preview.js';
import { expectFields } from '../drive.js';
import type { Guard } from '../guard.js';

export const bootPreviewEvidenceValidate: Guard = {
  name: 'seabios_grub_boot_preview_evidence_validate',
  summary: 'without a record every field of one is missing, and no validation is completed',
  async check(drive) {
    const answer = await acceptsMeasured(drive, BOOT_PREVIEW_LANE.evidenceValidate);
    expectFields(answer, {
      seabios_grub_boot_preview_evidence_validation_present: 1,
      boot_evidence_validation_mode: 'no-effect-readiness-check',
      boot_evidence_validation_decision: 'blocked-fixture-only-no-boot-evidence',
      boot_evidence_candidate_ready: 0,
      qemu_i440fx_seabios_boot_validation_completed: 0,
      qemu_grub2_bios_boot_validation_completed: 0,
      qemu_ovmf_grub2_uefi_boot_validation_completed: 0,
      serial_console_boot_log_recorded: 0,
      operator_recovery_runbook_present: 0,
      production_os_claim: 0,
    });
    expectUniform(answer, 'missing_required_future_evidence', EVIDENCE_FIELDS, 'missing');
  },
};
