// SPDX-License-Identifier: Apache-2.0
import { GUEST_ERRORS, SEED_BUILD_ID_PREFIX, SEED_SENTINEL } from '@latticra/boot-seed';
import type { BootPreviewProfile } from '../profile.js';

const KERNEL_ERRORS = GUEST_ERRORS.filter(({ by }) => by === 'kernel').map(({ text }) => text);

/** Writes the text that tells an operator what to do when a boot of this image goes wrong. */
export function recoveryText(
  { name, targetFirmware, qemuMachine }: BootPreviewProfile,
  image: string,
): string {
  return `LATTICRA BOOT PREVIEW OPERATOR RECOVERY

image: ${image}
profile: ${name} (${targetFirmware}, QEMU machine ${qemuMachine})

This image is booted in QEMU, read-only. It changes no disk, no firmware and no boot entry of the machine that QEMU
runs on, so there is nothing to repair there; what can go wrong is the boot itself.

What the serial console (COM1, 115200 baud) says, and what to do:

1. Nothing at all: the firmware did not start GRUB. Compare the image with the digest in its manifest; see that the
   machine and the firmware are those of the profile.
2. GRUB's prompt, or an error of GRUB's: it did not find its configuration or the kernel. The image is damaged, or was
   attached in another way than the profile does. Build it anew, or fetch it again.
3. ${KERNEL_ERRORS.join(', or ')}:
   GRUB started the kernel in another way than by Multiboot. Note it and report it.
4. ${SEED_SENTINEL}, then ${SEED_BUILD_ID_PREFIX}and another build id than the manifest's artifact_id ends in:
   this is not the image that the manifest is of. Do not use its log.
5. The expected build id, and QEMU ends with exit code 33: it works.

A machine that does not end: quit QEMU (Ctrl-C where it was started). Nothing needs to be saved.
`;
}

/** Writes the text that tells how to go back to an earlier image. This one never writes, so leaving it out is enough. */
export function rollbackText({ name }: BootPreviewProfile, image: string): string {
  return `LATTICRA BOOT PREVIEW ROLLBACK

image: ${image}
profile: ${name}

To go back: stop QEMU, and start the earlier image in its stead. The image is attached read-only and UEFI variables are
a copy that is thrown away with the run, so no state of this one is left behind.

To be rid of it: remove the folder that the image lies in. Nothing was installed, no boot entry was made, and no disk of
the host was written to.

If somebody did write this image to a disk against its purpose, the recovery runbook of the operator bundle applies.
`;
}
