// SPDX-License-Identifier: Apache-2.0

/** The fields of a boot artifact manifest, in their order. */
export const BOOT_ARTIFACT_MANIFEST_FIELDS = [
  'artifact_id',
  'artifact_format',
  'artifact_path',
  'artifact_sha256',
  'target_firmware',
  'target_bootloader',
  'partition_scheme',
  'bios_boot_partition_declared',
  'efi_system_partition_declared',
  'grub_config_path',
  'grub_config_sha256',
  'kernel_image_path',
  'kernel_image_sha256',
  'initramfs_path',
  'initramfs_sha256',
  'serial_console_enabled',
  'operator_recovery_path',
  'rollback_or_recovery_path',
  'sbom_path',
  'sbom_sha256',
  'signature_path',
  'signature_sha256',
] as const;
