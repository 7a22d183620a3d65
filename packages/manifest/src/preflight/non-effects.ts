// SPDX-License-Identifier: Apache-2.0
import { type FieldValues, fields, flag, type Section } from '@latticra/evidence-format';
import type { ReleaseFixture } from '../fixture/release.js';

/** The section in which a lane that only looks says what it did not do, and what it does not claim. */
export function nonEffects({ readiness, authority }: ReleaseFixture, more: FieldValues = {}): Section {
  return {
    name: 'non_effects',
    fields: fields({
      tool_install_performed: 0,
      package_manager_invoked: 0,
      network_performed: 0,
      grub_mkrescue_invoked: 0,
      qemu_img_invoked: 0,
      qemu_run_performed: 0,
      usb_write_executed: 0,
      iso_created: 0,
      vm_image_created: 0,
      host_mutation_performed: 0,
      root_authority: flag(authority.root_authority),
      hardware_install_ready: flag(readiness.hardware_install_ready),
      full_os_install_ready: flag(readiness.full_os_install_ready),
      bootable_os_ready: flag(readiness.bootable_os_ready),
      production_os_claim: flag(readiness.production_os_claim),
      ...more,
    }),
  };
}
