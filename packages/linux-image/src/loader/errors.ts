// SPDX-License-Identifier: Apache-2.0

/** An error with which a start by BIOS ends, and the value for QEMU's isa-debug-exit that goes with its line on COM1. */
export interface LoaderError {
  readonly value: number;
  /** The text after `LATTICRA_LOADER_ERROR `. */
  readonly text: string;
}

/** Every error of the master boot code and of the BIOS loader, by ascending value. */
export const LOADER_ERRORS: readonly LoaderError[] = [
  'the firmware cannot read the disk by block number',
  'the loader cannot be read from the disk',
  'the loader is not where it should be',
  'the firmware cannot read this drive by block number',
  'the rest of the loader is not where it should be',
  'the firmware reports an error reading the drive',
  'address line 20 cannot be switched on',
  'the firmware gives no usable memory map (E820)',
  undefined, // the seed's loader alone
  'there is not enough memory to load the kernel',
  'no kernel is recorded in the loader',
  'what is recorded as the kernel is no Linux kernel that this loader can start',
  'there is not enough memory to load the initramfs',
].flatMap((text, index) => (text === undefined ? [] : [{ value: 0x20 + index, text }]));
