// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import biosLoader from '../../seed/prebuilt/bios-loader.bin';
import kernel from '../../seed/prebuilt/kernel.elf';
import masterBoot from '../../seed/prebuilt/master-boot.bin';
import uefiLoader from '../../seed/prebuilt/uefi-loader.bin';

/** The seed's machine code as it is assembled: every slot in it is still empty. */
export interface SeedParts {
  /** `latticra-boot-seed.elf`: ELF, 32 bits, Multiboot 1 and 2. */
  readonly kernel: Uint8Array;
  /** 440 bytes for sector 0. */
  readonly masterBoot: Uint8Array;
  /** Whole blocks of 2048 bytes: an El Torito image without emulation, or what the master boot code starts. */
  readonly biosLoader: Uint8Array;
  /** `BOOTX64.EFI`: PE32+, an EFI application. */
  readonly uefiLoader: Uint8Array;
}

/** The parts in the order in which they are summed. */
export const PART_NAMES = [
  'kernel',
  'masterBoot',
  'biosLoader',
  'uefiLoader',
] as const satisfies readonly (keyof SeedParts)[];

/** The bytes that ship, so that nobody needs an assembler. */
export const PREBUILT_PARTS: SeedParts = { kernel, masterBoot, biosLoader, uefiLoader };

/** Returns the SHA-256, in hexadecimal, of the four parts one after the other in the order of {@link PART_NAMES}. */
export function sumParts(parts: SeedParts): string {
  const hash = createHash('sha256');
  for (const name of PART_NAMES) hash.update(parts[name]);
  return hash.digest('hex');
}
