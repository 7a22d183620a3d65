// SPDX-License-Identifier: Apache-2.0
import { fields, flag, type Section } from '@latticra/evidence-format';
import type { BootPreviewFixture } from '@latticra/manifest';

/** Makes the section in which a lane that only looks says what it did not do, may not do, and does not claim. */
export function nonEffects({ manifest, authority }: BootPreviewFixture): Section {
  const withheld = Object.entries(authority).map(([key, allowed]) => [key, flag(allowed)]);
  return {
    name: 'non_effects',
    fields: fields({
      qemu_run_performed: 0,
      qemu_boot_execution_attempted: 0,
      grub_install_invoked: 0,
      grub_mkconfig_invoked: 0,
      grub_mkrescue_invoked: 0,
      efibootmgr_invoked: 0,
      disk_image_created: 0,
      firmware_mutation_performed: 0,
      bootloader_write_performed: 0,
      partition_mutation_performed: 0,
      network_performed: 0,
      host_mutation_performed: 0,
      ...Object.fromEntries(withheld),
      bootable_os_ready: flag(manifest.bootable_os_ready),
      production_os_claim: flag(manifest.production_os_claim),
    }),
  };
}
