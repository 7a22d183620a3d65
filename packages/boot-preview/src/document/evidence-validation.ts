// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, flag } from '@latticra/evidence-format';
import { BOOT_EVIDENCE_KEYS } from '../evidence/keys.js';
import { type Guarded, noEffectDocument, uniformSection } from './no-effect.js';

/** The title line of every report of a validation of boot evidence. */
export const EVIDENCE_VALIDATION_TITLE = 'SEABIOS GRUB BOOT PREVIEW EVIDENCE VALIDATION';

/** Makes the report where no record was given: the fixture says that no boot was recorded. */
export function blockedEvidenceValidation(guarded: Guarded): EvidenceDocument {
  const { manifest, promotion_gates: gates } = guarded.fixture;
  return noEffectDocument(guarded, {
    title: EVIDENCE_VALIDATION_TITLE,
    values: {
      seabios_grub_boot_preview_evidence_validation_present: 1,
      boot_evidence_validation_mode: 'no-effect-readiness-check',
      boot_evidence_validation_decision: 'blocked-fixture-only-no-boot-evidence',
      boot_evidence_candidate_ready: 0,
      qemu_i440fx_seabios_boot_validation_completed: flag(
        gates.qemu_i440fx_seabios_boot_validation_completed,
      ),
      qemu_grub2_bios_boot_validation_completed: flag(gates.qemu_grub2_bios_boot_validation_completed),
      qemu_ovmf_grub2_uefi_boot_validation_completed: flag(
        gates.qemu_ovmf_grub2_uefi_boot_validation_completed,
      ),
      serial_console_boot_log_recorded: flag(gates.serial_console_boot_log_recorded),
      operator_recovery_runbook_present: flag(gates.operator_recovery_runbook_present),
      bootable_os_ready: flag(manifest.bootable_os_ready),
      production_os_claim: flag(manifest.production_os_claim),
    },
    required: uniformSection('missing_required_future_evidence', BOOT_EVIDENCE_KEYS, 'missing'),
  });
}
