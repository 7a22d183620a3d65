// SPDX-License-Identifier: Apache-2.0

/**
 * Returns the status that QEMU exits with when a guest writes `value` to isa-debug-exit: `(value << 1) | 1`, in a
 * byte.
 */
export const debugExitCode = (value: number): number => ((value << 1) | 1) & 0xff;

/** Exit code of QEMU after the seed's kernel did what it is for. */
export const SEED_EXIT_CODE = debugExitCode(0x10);

/** An error of the machine code: who reports it, and the value for isa-debug-exit that goes with its line. */
export interface GuestError {
  readonly by: 'kernel' | 'master boot code' | 'BIOS loader' | 'UEFI loader' | 'either loader';
  readonly value: number;
  /** The text after `LATTICRA_LOADER_ERROR ` on COM1; the kernel's is a whole line. */
  readonly text: string;
}

const guestErrors = (by: GuestError['by'], first: number, ...texts: string[]): GuestError[] =>
  texts.map((text, index) => ({ by, value: first + index, text }));

/** Every error with which the seed's own code ends a machine, by ascending value. */
export const GUEST_ERRORS: readonly GuestError[] = [
  ...guestErrors('kernel', 0x11, 'LATTICRA_BOOT_SEED_ERROR not entered through Multiboot'),
  ...guestErrors(
    'master boot code',
    0x20,
    'the firmware cannot read the disk by block number',
    'the loader cannot be read from the disk',
    'the loader is not where it should be',
  ),
  ...guestErrors(
    'BIOS loader',
    0x23,
    'the firmware cannot read this drive by block number',
    'the rest of the loader is not where it should be',
    'the firmware reports an error reading the drive',
    'address line 20 cannot be switched on',
    'the firmware gives no usable memory map (E820)',
    'no kernel is recorded in the loader, or more than 16 MiB of it',
    'there is not enough memory to load the kernel',
  ),
  ...guestErrors(
    'either loader',
    0x30,
    'no Multiboot 2 header in the kernel',
    "the kernel's Multiboot 2 header is damaged or asks for another machine",
    'the kernel is not an ELF program for this machine',
    'a segment of the kernel is damaged or lies below 1 MiB or past 4 GiB',
    'a segment of the kernel would overwrite the loader',
    'a segment of the kernel does not lie in free memory',
    "the kernel's entry lies in none of its segments",
  ),
  ...guestErrors(
    'UEFI loader',
    0x48,
    'the volume that the loader was started from cannot be opened',
    'there is no /boot/kernel.elf on the volume',
    '/boot/kernel.elf cannot be read',
    '/boot/kernel.elf is empty or has more than 16 MiB',
    'there is not enough memory below 4 GiB to load the kernel',
    'the firmware gives no memory map, or one too long',
    'the firmware does not end its boot services',
    'the memory map has more entries than there is room for',
  ),
];
