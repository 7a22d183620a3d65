// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, flag, formatDigest, type Section } from '@latticra/evidence-format';
import type { RecordSignature } from '@latticra/signature';
import { PROFILES, type ProfileName } from '../profile.js';
import type { EvidenceValidation, ValidatedEvidence } from '../validation/validate.js';
import { EVIDENCE_VALIDATION_TITLE } from './evidence-validation.js';
import type { Guarded } from './no-effect.js';
import { nonEffects } from './non-effects.js';

/** The gate of the contract that a profile's boot is for. */
const GATES: Record<ProfileName, string> = {
  'x86_64-seabios-grub-preview': 'qemu_i440fx_seabios_boot_validation_completed',
  'x86_64-grub2-bios-preview': 'qemu_grub2_bios_boot_validation_completed',
  'x86_64-grub2-uefi-preview': 'qemu_ovmf_grub2_uefi_boot_validation_completed',
};

/**
 * Makes the report on records that were validated. A flag is 1 only where every profile that it speaks of was shown to be
 * so again just now; what follows from no record is 0, with the reason in `[not_derived]`. Whatever the records say,
 * nothing is claimed: a person changes the fixture after reviewing them.
 */
export function evidenceValidationDocument(
  { manifestPath, manifestSha256, fixture }: Guarded,
  validation: EvidenceValidation,
): EvidenceDocument {
  const missing = PROFILES.filter(({ name }) => !validation.has(name)).map(({ name }) => name);
  const holds = (name: ProfileName) => validation.get(name)?.unverifiable.length === 0;
  const complete = PROFILES.every(({ name }) => holds(name));
  const all = flag(complete);
  const screens = complete && [...validation.values()].every(({ record }) => record.evidence.screen);
  return {
    title: EVIDENCE_VALIDATION_TITLE,
    fields: fields({
      seabios_grub_boot_preview_evidence_validation_present: 1,
      boot_evidence_validation_mode: 'recorded-evidence-check',
      boot_evidence_validation_decision: complete
        ? 'candidate-for-review-no-claim'
        : 'blocked-incomplete-evidence',
      boot_evidence_candidate_ready: all,
      boot_evidence_record_count: validation.size,
      boot_artifact_manifest_present: all,
      boot_artifact_checksum_recorded: all,
      boot_artifact_signature_recorded: 0,
      ...Object.fromEntries(PROFILES.map(({ name }) => [GATES[name], flag(holds(name))])),
      serial_console_boot_log_recorded: all,
      screenshot_recorded: flag(screens === true),
      operator_console_boot_path_recorded: all,
      read_only_vm_evidence_recorded: all,
      operator_recovery_runbook_present: all,
      no_host_bootloader_mutation: all,
      no_firmware_mutation: all,
      seabios_grub_boot_claim_allowed: 0,
      grub_bootloader_write_allowed: 0,
      qemu_boot_execution_allowed_by_guard: 0,
      bootable_os_ready: 0,
      production_os_claim: 0,
      manifest_path: manifestPath,
      manifest_measurement: formatDigest(manifestSha256),
    }),
    sections: [
      ...[...validation.values()].map(profileSection),
      ...listSection('missing_profiles', missing),
      ...listSection('not_derived', [
        'boot_artifact_signature_recorded: no signature is verified by this lane',
        ...[...validation.values()].flatMap(({ record, unverifiable }) =>
          unverifiable.map((reason) => `${record.path}: ${reason}`),
        ),
      ]),
      nonEffects(fixture),
    ],
  };
}

function profileSection({ record, unverifiable }: ValidatedEvidence): Section {
  const { evidence, path, sha256 } = record;
  const { profile, files, firmware } = evidence;
  return {
    name: `profile:${profile.name}`,
    fields: fields({
      evidence_path: path,
      evidence_sha256: formatDigest(sha256),
      operator_review_id: evidence.operatorReviewId,
      build_id: evidence.buildId,
      disk_image_sha256: formatDigest(files.diskImage.sha256),
      qemu_version: evidence.qemuVersion,
      qemu_machine_resolved: evidence.machineResolved,
      firmware_code_sha256: formatDigest(firmware.code.sha256),
      boot_evidence_valid: flag(unverifiable.length === 0),
      ...signatureFields(record.signature),
      qemu_boot_execution_recorded: 1,
      serial_console_boot_log_recorded: 1,
      operator_console_boot_path_recorded: 1,
      read_only_vm_evidence_recorded: 1,
      firmware_unchanged: flag(unverifiable.length === 0),
      screenshot_recorded: flag(evidence.screen !== undefined),
      host_bootloader_mutation: 0,
      firmware_mutation: 0,
    }),
  };
}

/** Returns the fields about the signature of a record; none where there is none. */
function signatureFields(found: RecordSignature | undefined): Record<string, string> {
  if (found === undefined) return {};
  const { signature, signer } = found;
  return {
    evidence_signature: signer === undefined ? 'by-an-unknown-key' : 'verified',
    evidence_signer: signer?.principal ?? 'unknown',
    evidence_signing_key: signature.key.fingerprint,
  };
}

function listSection(name: string, reasons: readonly string[]): Section[] {
  if (reasons.length === 0) return [];
  const numbered = reasons.map((value, index) => ({
    key: `reason_${String(index + 1).padStart(2, '0')}`,
    value,
  }));
  return [{ name, fields: numbered }];
}
