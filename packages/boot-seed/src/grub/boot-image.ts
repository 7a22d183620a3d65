// SPDX-License-Identifier: Apache-2.0
import { BOOT_CODE_SIZE } from '@latticra/disk-image/mbr';
import { BootSeedError } from '../error.js';

/**
 * Places in boot.img, the code that a BIOS starts from a disk's first sector (GRUB manual, "Images"; names as
 * in GRUB's include/grub/i386/pc/boot.h, without `GRUB_BOOT_MACHINE_`). Numbers are little-endian.
 */
const BOOT = {
  size: 512,
  /** Sector of the disk that core.img starts at: 8 bytes. */
  KERNEL_SECTOR: 0x5c,
  /** BIOS number of the drive; 0xff for the one that the BIOS started. */
  BOOT_DRIVE: 0x64,
  bootDriveAny: 0xff,
  /** A short jump over a fix of the drive number. Without it, the fix is made for every hard disk. */
  DRIVE_CHECK: 0x66,
  shortJump: 0xeb,
  noOperation: 0x90,
  signature: [0x55, 0xaa],
} as const;

/**
 * Returns the boot code of a first sector, which is all that may be replaced: the partition table after it is the
 * disk's own.
 */
export const bootCodeOf = (bootImage: Uint8Array) => bootImage.subarray(0, BOOT_CODE_SIZE);

/**
 * Makes boot.img for a disk whose core image starts at byte `coreOffset`, as grub-bios-setup would write it.
 * @throws BootSeedError `grub-unfit-image` for bytes that are not laid out as boot.img is, `bad-place` for an offset
 *   that is no sector's
 */
export function patchBootImage(bootImage: Uint8Array, coreOffset: number): Uint8Array {
  if (!Number.isSafeInteger(coreOffset) || coreOffset <= 0 || coreOffset % 512 !== 0) {
    throw new BootSeedError(
      'bad-place',
      `core image at byte ${coreOffset}: expected a sector after the first`,
    );
  }
  const [low, high] = BOOT.signature;
  if (
    bootImage.length !== BOOT.size ||
    bootImage[BOOT.BOOT_DRIVE] !== BOOT.bootDriveAny ||
    bootImage[BOOT.DRIVE_CHECK] !== BOOT.shortJump ||
    bootImage[BOOT.size - 2] !== low ||
    bootImage[BOOT.size - 1] !== high
  ) {
    throw new BootSeedError('grub-unfit-image', "boot.img is not laid out as GRUB 2's is", {
      fix: 'install grub-pc-bin 2.02 or later',
    });
  }
  const patched = Buffer.from(bootImage);
  patched.writeBigUInt64LE(BigInt(coreOffset / 512), BOOT.KERNEL_SECTOR);
  patched.fill(BOOT.noOperation, BOOT.DRIVE_CHECK, BOOT.DRIVE_CHECK + 2);
  return patched;
}
