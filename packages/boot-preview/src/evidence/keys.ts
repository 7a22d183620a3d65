// SPDX-License-Identifier: Apache-2.0

/**
 * The keys of a record of a boot before its sections, in their order. They are those of its description, as a test finds: a report
 * that only names them need not make all of that.
 */
export const BOOT_EVIDENCE_KEYS = [
  'operator_review_id',
  'preflight_report_path',
  'preflight_report_sha256',
  'boot_preview_manifest_path',
  'boot_preview_manifest_sha256',
  'boot_artifact_manifest_path',
  'boot_artifact_manifest_sha256',
  'disk_image_path',
  'disk_image_sha256',
  'artifact_format',
  'target_firmware',
  'target_bootloader',
  'qemu_machine',
  'qemu_binary',
  'qemu_argv_record_path',
  'serial_console_boot_log_path',
  'serial_console_boot_log_sha256',
  'boot_result',
  'operator_console_boot_path',
  'operator_recovery_path',
  'rollback_or_recovery_path',
] as const;
