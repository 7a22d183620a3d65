// SPDX-License-Identifier: Apache-2.0

/** The fields of a promotion in their order, in four groups, each with a name for people. */
export const BOARD_GROUPS: readonly {
  readonly name: string;
  readonly fields: readonly (readonly [string, string])[];
}[] = [
  {
    name: 'Source and build',
    fields: [
      ['source_tag_recorded', 'Tag of the source'],
      ['build_environment_recorded', 'Environment of the build'],
      ['iso_build_command_recorded', 'Command that builds the ISO'],
      ['vm_image_build_command_recorded', 'Command that builds the VM image'],
      ['artifact_reproducibility_reviewed', 'Built twice, equal, reviewed'],
    ],
  },
  {
    name: 'Artifacts',
    fields: [
      ['artifact_sha256_recorded', 'Digests'],
      ['artifact_signature_recorded_or_unsigned_local_status_declared', 'Signatures, or declared unsigned'],
      ['sbom_recorded', 'SBOM'],
      ['license_metadata_recorded', 'Licences'],
      ['bootloader_configuration_recorded', 'Configuration of the loader'],
      ['kernel_image_recorded', 'Kernel'],
      ['initramfs_recorded', 'Initramfs'],
    ],
  },
  {
    name: 'On hardware, by a person',
    fields: [
      ['hardware_usb_write_transcript_recorded', 'USB stick written'],
      ['hardware_install_transcript_recorded', 'Installed on a machine'],
      ['post_install_verification_recorded', 'Verified after the install'],
      ['uninstall_or_reimage_recovery_recorded', 'Removed, or imaged again'],
    ],
  },
  {
    name: 'Boots and recovery',
    fields: [
      ['vm_boot_transcript_recorded', 'Boots in virtual machines'],
      ['serial_console_boot_log_recorded', 'Logs of the serial console'],
      ['rollback_or_recovery_path_recorded', 'Way back'],
      ['multi_machine_validation_recorded', 'Seen on two machines'],
    ],
  },
];
