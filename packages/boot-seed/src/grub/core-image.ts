// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';

/**
 * core.img begins with diskboot.img: one sector of code whose end lists the blocks that follow (GRUB manual,
 * "Images"; `struct grub_pc_bios_boot_blocklist` and its constants in GRUB's include/grub/i386/pc/boot.h). boot.img
 * loads that sector alone. Numbers are little-endian.
 */
const SECTOR = 512;
const BLOCK_LIST = {
  /** The first entry, the last 12 bytes of the sector; lists grow towards the start of it. */
  first: SECTOR - 12,
  /** Sector of the disk: 8 bytes. */
  start: 0,
  /** Count of sectors: 2 bytes. */
  length: 8,
  /** Real mode segment that they are loaded to: 2 bytes. */
  segment: 10,
} as const;
/** 8000:0000 is where diskboot.img lies, so the rest follows one sector later. */
const REST_SEGMENT = 0x820;
/** Sectors from there to the video memory's segment at A000. */
const MOST_SECTORS = ((0xa000 - REST_SEGMENT) * 16) / SECTOR;

/**
 * Makes core.img as it must lie at byte `offset` of a disk: filled up to whole sectors, with a block list of one run.
 * @throws BootSeedError `grub-unfit-image` for bytes that are not laid out as core.img is, `bad-place` for an offset
 *   that is no sector's
 */
export function placeCoreImage(coreImage: Uint8Array, offset: number): Uint8Array {
  if (!Number.isSafeInteger(offset) || offset <= 0 || offset % SECTOR !== 0) {
    throw new BootSeedError('bad-place', `core image at byte ${offset}: expected a sector after the first`);
  }
  const sectors = Math.ceil(coreImage.length / SECTOR);
  if (sectors < 2 || sectors - 1 > MOST_SECTORS) {
    throw unfit(`it has ${coreImage.length} bytes, expected ${SECTOR + 1} to ${(MOST_SECTORS + 1) * SECTOR}`);
  }
  const placed = Buffer.alloc(sectors * SECTOR);
  placed.set(coreImage);
  const { first, start, length, segment } = BLOCK_LIST;
  if (placed.readUInt16LE(first + segment) !== REST_SEGMENT || placed.readUInt16LE(first + length) === 0) {
    throw unfit('its first sector does not end in a block list');
  }
  placed.writeBigUInt64LE(BigInt(offset / SECTOR + 1), first + start);
  placed.writeUInt16LE(sectors - 1, first + length);
  return placed;
}

const unfit = (reason: string) =>
  new BootSeedError('grub-unfit-image', `core.img is not laid out as GRUB 2's is: ${reason}`, {
    fix: 'install grub-pc-bin 2.02 or later',
  });
