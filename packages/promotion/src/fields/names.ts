// SPDX-License-Identifier: Apache-2.0

/** What has to be shown before a claim may change, in the order of the release's contract. */
export const FIELD_NAMES = [
  'source_tag_recorded',
  'build_environment_recorded',
  'iso_build_command_recorded',
  'vm_image_build_command_recorded',
  'artifact_reproducibility_reviewed',
  'artifact_sha256_recorded',
  'artifact_signature_recorded_or_unsigned_local_status_declared',
  'sbom_recorded',
  'license_metadata_recorded',
  'bootloader_configuration_recorded',
  'kernel_image_recorded',
  'initramfs_recorded',
  'hardware_usb_write_transcript_recorded',
  'hardware_install_transcript_recorded',
  'vm_boot_transcript_recorded',
  'serial_console_boot_log_recorded',
  'rollback_or_recovery_path_recorded',
  'post_install_verification_recorded',
  'uninstall_or_reimage_recovery_recorded',
  'multi_machine_validation_recorded',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** Returns whether a field asks for a review by its own name. */
export const needsReview = (name: FieldName) => name.endsWith('_reviewed');
