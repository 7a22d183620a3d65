// SPDX-License-Identifier: Apache-2.0
import { SEED_EXIT_CODE, SEED_SENTINEL } from '@latticra/boot-seed';
import { type EvidenceDocument, fields, formatDigest } from '@latticra/evidence-format';
import { NONE } from '@latticra/manifest';
import type { RecordedFile } from '../artifact/schema.js';
import { BOOT_RESULT, type BootEvidence, EVIDENCE_TITLE } from './schema.js';

const pair = (name: string, file: RecordedFile | undefined) => ({
  [`${name}_path`]: file?.path ?? NONE,
  [`${name}_sha256`]: file === undefined ? NONE : formatDigest(file.sha256),
});

/** What stands for the n-th word of an argv. */
export const argvKey = (index: number) => `argv_${String(index).padStart(2, '0')}`;

/**
 * An evidence record as a document: the fields that the template asks for, in its order, and sections with what
 * else was seen. There is no field for readiness, and none of a boot that failed.
 */
export function evidenceDocument(evidence: BootEvidence): EvidenceDocument {
  const { profile, files, firmware } = evidence;
  return {
    title: EVIDENCE_TITLE,
    fields: fields({
      operator_review_id: evidence.operatorReviewId,
      ...pair('preflight_report', files.preflightReport),
      ...pair('boot_preview_manifest', files.fixture),
      ...pair('boot_artifact_manifest', files.bootArtifactManifest),
      ...pair('disk_image', files.diskImage),
      artifact_format: profile.artifactFormat,
      target_firmware: profile.targetFirmware,
      target_bootloader: profile.targetBootloader,
      qemu_machine: profile.qemuMachine,
      qemu_binary: profile.qemuBinary,
      qemu_argv_record_path: files.argvRecord.path,
      ...pair('serial_console_boot_log', files.serialLog),
      boot_result: BOOT_RESULT,
      operator_console_boot_path: files.operatorConsoleBoot.path,
      operator_recovery_path: files.operatorRecovery.path,
      rollback_or_recovery_path: files.rollbackOrRecovery.path,
    }),
    sections: [
      {
        name: 'capture',
        fields: fields({
          profile: profile.name,
          capture_folder: evidence.captureFolder,
          serial_sentinel: SEED_SENTINEL,
          build_id: evidence.buildId,
          qemu_exit_code: SEED_EXIT_CODE,
          boot_duration_ms: evidence.durationMs,
          disk_image_sha256_before: formatDigest(evidence.imageSha256Before),
          disk_image_sha256_after: formatDigest(evidence.imageSha256After),
        }),
      },
      {
        name: 'qemu',
        fields: fields({
          qemu_program_path: evidence.program,
          qemu_version: evidence.qemuVersion,
          qemu_machine_resolved: evidence.machineResolved,
          qemu_accelerator: evidence.accelerator,
        }),
      },
      {
        name: 'firmware',
        fields: fields({
          ...pair('firmware_code', firmware.code),
          ...pair('firmware_vars_template', firmware.varsTemplate),
        }),
      },
      {
        name: 'companions',
        fields: fields({
          qemu_argv_record_sha256: formatDigest(files.argvRecord.sha256),
          operator_console_boot_sha256: formatDigest(files.operatorConsoleBoot.sha256),
          operator_recovery_sha256: formatDigest(files.operatorRecovery.sha256),
          rollback_or_recovery_sha256: formatDigest(files.rollbackOrRecovery.sha256),
          ...pair('operator_consent', files.operatorConsent),
          ...pair('qemu_log', files.qemuLog),
        }),
      },
      {
        name: 'screen',
        fields: fields({
          ...pair('screenshot', evidence.screen?.screenshot),
          ...pair('screen_argv_record', evidence.screen?.argvRecord),
          ...pair('screen_serial_log', evidence.screen?.serialLog),
        }),
      },
      {
        name: 'argv',
        fields: evidence.argv.map((value, index) => ({ key: argvKey(index), value })),
      },
    ],
  };
}
