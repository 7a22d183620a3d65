// SPDX-License-Identifier: Apache-2.0
import { type FieldValues, fields, flag, type Section } from '@latticra/evidence-format';
import type { BootPreviewFixture } from '@latticra/manifest';

type ProfileFacts = BootPreviewFixture['profiles'][keyof BootPreviewFixture['profiles']];

/**
 * Makes a `[profile:<name>]` section for each profile: the way it is to boot, and what there is of it so far.
 * @param more returns further fields of the document for a profile
 */
export function profileSections(
  { artifact, profiles, promotion_gates: gates }: BootPreviewFixture,
  more: (profile: ProfileFacts) => FieldValues = () => ({}),
): Section[] {
  return Object.values(profiles).map((profile) => ({
    name: `profile:${profile.profile}`,
    fields: fields({
      target_firmware: profile.target_firmware,
      target_bootloader: profile.target_bootloader,
      qemu_machine: profile.qemu_machine,
      qemu_binary: profile.qemu_binary,
      disk_image_path: artifact.disk_image_path,
      disk_image_sha256: artifact.disk_image_sha256,
      boot_log_path: 'none',
      serial_console_enabled: flag(profile.serial_console_enabled),
      host_bootloader_mutation: flag(!gates.no_host_bootloader_mutation),
      firmware_mutation: flag(!gates.no_firmware_mutation),
      operator_recovery_path: artifact.operator_recovery_path,
      qemu_boot_execution_recorded: flag(profile.qemu_boot_execution_recorded),
      serial_console_boot_log_recorded: flag(profile.serial_console_boot_log_recorded),
      operator_console_boot_path_recorded: flag(profile.operator_console_boot_path_recorded),
      read_only_vm_evidence_recorded: flag(profile.read_only_vm_evidence_recorded),
      ...more(profile),
    }),
  }));
}
