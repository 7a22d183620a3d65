// SPDX-License-Identifier: Apache-2.0
import type { FatGeometry } from './geometry.js';
import { MEDIA } from './table-source.js';

/** Sectors of FAT32's free-space record and of the copies of it and of the boot sector. */
export const FS_INFO_SECTOR = 1;
export const BACKUP_SECTOR = 6;

/** int 18h; hlt; jmp: a BIOS that starts a volume without a loader goes on to its next boot device. */
const NO_LOADER = [0xcd, 0x18, 0xf4, 0xeb, 0xfd];

/** What the boot sector says besides the geometry. */
export interface VolumeIdentity {
  /** Eleven characters. */
  readonly labelField: string;
  readonly volumeId: number;
}

/** Makes the boot sector of a volume. */
export function formatBootSector(geometry: FatGeometry, { labelField, volumeId }: VolumeIdentity): Buffer {
  const is32 = geometry.type === 32;
  const extended = is32 ? 64 : 36;
  const bytes = Buffer.alloc(geometry.sectorSize);
  const short = !is32 && geometry.totalSectors <= 0xffff;
  bytes.set([0xeb, extended + 26 - 2, 0x90]);
  bytes.write('LATTICRA', 3, 'latin1');
  bytes.writeUInt16LE(geometry.sectorSize, 11);
  bytes[13] = geometry.sectorsPerCluster;
  bytes.writeUInt16LE(geometry.reservedSectors, 14);
  bytes[16] = geometry.fatCount;
  bytes.writeUInt16LE(geometry.rootEntries, 17);
  bytes.writeUInt16LE(short ? geometry.totalSectors : 0, 19);
  bytes[21] = MEDIA;
  bytes.writeUInt16LE(is32 ? 0 : geometry.sectorsPerFat, 22);
  bytes.writeUInt16LE(63, 24);
  bytes.writeUInt16LE(255, 26);
  bytes.writeUInt32LE(geometry.hiddenSectors, 28);
  bytes.writeUInt32LE(short ? 0 : geometry.totalSectors, 32);
  if (is32) {
    bytes.writeUInt32LE(geometry.sectorsPerFat, 36);
    bytes.writeUInt32LE(geometry.rootCluster, 44);
    bytes.writeUInt16LE(FS_INFO_SECTOR, 48);
    bytes.writeUInt16LE(BACKUP_SECTOR, 50);
  }
  bytes[extended] = 0x80;
  bytes[extended + 2] = 0x29;
  bytes.writeUInt32LE(volumeId, extended + 3);
  bytes.write(labelField, extended + 7, 'latin1');
  bytes.write(`FAT${geometry.type}`.padEnd(8), extended + 18, 'latin1');
  bytes.set(NO_LOADER, extended + 26);
  bytes.writeUInt16LE(0xaa55, 510);
  return bytes;
}

export const FS_INFO = {
  lead: 0x41615252,
  middle: 0x61417272,
  trail: 0xaa550000,
  unknown: 0xffffffff,
} as const;

/** Makes the FSInfo sector of FAT32: how many clusters are free, and where to look for one. */
export function formatFsInfo(sectorSize: number, freeClusters: number, nextFree: number): Buffer {
  const bytes = Buffer.alloc(sectorSize);
  bytes.writeUInt32LE(FS_INFO.lead, 0);
  bytes.writeUInt32LE(FS_INFO.middle, 484);
  bytes.writeUInt32LE(freeClusters, 488);
  bytes.writeUInt32LE(nextFree, 492);
  bytes.writeUInt32LE(FS_INFO.trail, 508);
  return bytes;
}
