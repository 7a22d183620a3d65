// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';
import { assertBootable } from '../multiboot/index.js';

/**
 * Refuses a kernel that GRUB would not start. GRUB wants what our loaders want, and looks for the entry of the ELF
 * header in the segments even where a tag of the Multiboot 2 header names another.
 * @throws BootSeedError `kernel-…`
 */
export function assertStartable(kernel: Uint8Array): void {
  const { entry, segments } = assertBootable(kernel).elf;
  const isHome = ({ virtualAddress: from, memorySize }: (typeof segments)[number]) =>
    entry >= from && entry < from + memorySize;
  if (segments.some(isHome)) return;
  throw new BootSeedError(
    'kernel-no-entry',
    `the entry 0x${entry.toString(16)} of the kernel's ELF header lies in none of its segments, and GRUB looks there`,
    { fix: 'leave --bootloader out, or link the kernel with an entry in a segment' },
  );
}
