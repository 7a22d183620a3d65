// SPDX-License-Identifier: Apache-2.0
import { Structure } from '../layout/structure.js';
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
export function formatBootSector(geometry: FatGeometry, { labelField, volumeId }: VolumeIdentity): Structure {
  const is32 = geometry.type === 32;
  const extended = is32 ? 64 : 36;
  const bytes = new Structure(geometry.sectorSize);
  const short = !is32 && geometry.totalSectors <= 0xffff;
  bytes.set([0xeb, extended + 26 - 2, 0x90]);
  bytes.putText('LATTICRA', 3);
  bytes.put(geometry.sectorSize, 11, 2);
  bytes[13] = geometry.sectorsPerCluster;
  bytes.put(geometry.reservedSectors, 14, 2);
  bytes[16] = geometry.fatCount;
  bytes.put(geometry.rootEntries, 17, 2);
  bytes.put(short ? geometry.totalSectors : 0, 19, 2);
  bytes[21] = MEDIA;
  bytes.put(is32 ? 0 : geometry.sectorsPerFat, 22, 2);
  bytes.put(63, 24, 2);
  bytes.put(255, 26, 2);
  bytes.put(geometry.hiddenSectors, 28, 4);
  bytes.put(short ? 0 : geometry.totalSectors, 32, 4);
  if (is32) {
    bytes.put(geometry.sectorsPerFat, 36, 4);
    bytes.put(geometry.rootCluster, 44, 4);
    bytes.put(FS_INFO_SECTOR, 48, 2);
    bytes.put(BACKUP_SECTOR, 50, 2);
  }
  bytes[extended] = 0x80;
  bytes[extended + 2] = 0x29;
  bytes.put(volumeId, extended + 3, 4);
  bytes.putText(labelField, extended + 7);
  bytes.putText(`FAT${geometry.type}`.padEnd(8), extended + 18);
  bytes.set(NO_LOADER, extended + 26);
  bytes.put(0xaa55, 510, 2);
  return bytes;
}

export const FS_INFO = {
  lead: 0x41615252,
  middle: 0x61417272,
  trail: 0xaa550000,
  unknown: 0xffffffff,
} as const;

/** Makes the FSInfo sector of FAT32: how many clusters are free, and where to look for one. */
export function formatFsInfo(sectorSize: number, freeClusters: number, nextFree: number): Structure {
  const bytes = new Structure(sectorSize);
  bytes.put(FS_INFO.lead, 0, 4);
  bytes.put(FS_INFO.middle, 484, 4);
  bytes.put(freeClusters, 488, 4);
  bytes.put(nextFree, 492, 4);
  bytes.put(FS_INFO.trail, 508, 4);
  return bytes;
}
