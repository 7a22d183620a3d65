// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { firstDifference, Structure } from '../layout/structure.js';
import type { FatType } from './fat.js';
import { type FatGeometry, FIRST_CLUSTER, fatOffset, tableSize } from './geometry.js';
import type { BootSector } from './parse-boot-sector.js';

/** Values from here on end a chain; the one before marks a cluster that cannot be used. */
const FIRST_END: Record<FatType, number> = { 12: 0xff8, 16: 0xfff8, 32: 0x0ffffff8 };

/** Returns whether the value of an entry ends a chain. */
export const isChainEnd = (type: FatType, value: number) => value >= FIRST_END[type];
/** Returns whether the value of an entry marks a cluster that cannot be used. */
export const isBadCluster = (type: FatType, value: number) => value === FIRST_END[type] - 1;

/** Bytes read at a time: whole entries of each type, and all of a FAT12 table. */
const WINDOW = 3 * 4096;
/** Windows kept, so that a chain that jumps about does not read the table again for each step. */
const SLOTS = 64;
const COMPARE_CHUNK = 1 << 18;

/** The first copy of the table. */
export interface FatTable {
  /** Reads the entry of a cluster, without FAT32's reserved high bits. */
  entry(cluster: number): number;
}

function decode(bytes: Structure, type: FatType, entry: number): number {
  if (type === 32) return bytes.u32(entry * 4) & 0x0fffffff;
  if (type === 16) return bytes.u16(entry * 2);
  const pair = bytes.u16(entry + (entry >> 1));
  return entry % 2 === 0 ? pair & 0xfff : pair >> 4;
}

/** Opens the first copy of the table; entries are read as they are asked for. */
export function openTable(source: ByteSource, geometry: FatGeometry): FatTable {
  const { type, clusters } = geometry;
  const start = fatOffset(geometry, 0);
  const size = tableSize(type, clusters);
  const perWindow = (WINDOW * 8) / type;
  const slots: ({ readonly window: number; readonly bytes: Structure } | undefined)[] = Array(SLOTS);
  const load = (window: number) => {
    const length = Math.min(WINDOW, size - window * WINDOW);
    const bytes = Structure.over(readBytes(source, start + window * WINDOW, length));
    slots[window % SLOTS] = { window, bytes };
    return bytes;
  };
  return {
    entry(cluster) {
      const window = Math.floor(cluster / perWindow);
      const slot = slots[window % SLOTS];
      const bytes = slot?.window === window ? slot.bytes : load(window);
      return decode(bytes, type, cluster % perWindow);
    },
  };
}

/** Refuses tables that differ between copies, or do not begin as they must. @throws ImageError `corrupt` */
export function checkTables(source: ByteSource, { geometry, media }: BootSector): void {
  const { type, fatCount } = geometry;
  const size = tableSize(type, geometry.clusters);
  for (let copy = 1; copy < fatCount; copy++) {
    for (let at = 0; at < size; at += COMPARE_CHUNK) {
      const length = Math.min(COMPARE_CHUNK, size - at);
      const first = readBytes(source, fatOffset(geometry, 0) + at, length);
      const other = readBytes(source, fatOffset(geometry, copy) + at, length);
      const byte = firstDifference(first, other);
      if (byte === -1) continue;
      throw new ImageError('corrupt', `the copies of the FAT differ from byte ${at + byte} on`);
    }
  }
  const table = openTable(source, geometry);
  const ends = FIRST_END[type];
  const wanted = ends - 0xf8 + media;
  if (table.entry(0) !== wanted) {
    throw new ImageError(
      'corrupt',
      `FAT entry 0 is ${table.entry(0)}, expected ${wanted} for media byte ${media}`,
    );
  }
  // FAT16 and FAT32 keep "cleanly unmounted" and "no read errors" in the two top bits; a cleared one fails too.
  if (!isChainEnd(type, table.entry(1))) {
    throw new ImageError(
      'corrupt',
      `FAT entry 1 is ${table.entry(1)}: damaged, or the volume was not cleanly unmounted`,
      {
        fix: 'run fsck.vfat on the volume',
      },
    );
  }
}

/**
 * Looks at every entry of the table.
 * @param isOwned whether a file or folder was found to use a cluster
 * @returns how many clusters are free
 * @throws ImageError `corrupt` for a cluster that is taken but belongs to nothing
 */
export function countFree(
  source: ByteSource,
  geometry: FatGeometry,
  isOwned: (cluster: number) => boolean,
): number {
  const { type, clusters } = geometry;
  const start = fatOffset(geometry, 0);
  const size = tableSize(type, clusters);
  const zeros = new Structure(WINDOW);
  const perWindow = (WINDOW * 8) / type;
  let free = 0;
  for (let first = 0; first < clusters + FIRST_CLUSTER; first += perWindow) {
    const at = (first * type) / 8;
    const bytes = Structure.over(readBytes(source, start + at, Math.min(WINDOW, size - at)));
    const count = Math.min(perWindow, clusters + FIRST_CLUSTER - first);
    if (first > 0 && bytes.equals(zeros.subarray(0, bytes.length))) {
      free += count;
      continue;
    }
    for (let index = first === 0 ? FIRST_CLUSTER : 0; index < count; index++) {
      const value = decode(bytes, type, index);
      if (value === 0) free++;
      else if (!isBadCluster(type, value) && !isOwned(first + index)) {
        throw new ImageError('corrupt', `cluster ${first + index} is taken but belongs to no file or folder`);
      }
    }
  }
  return free;
}
