// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { FatOptions, FatType } from './fat.js';
import { CLUSTER_LIMITS, ENTRY_SIZE, type FatGeometry, rootSectors, tableSize } from './geometry.js';

const SECTOR_SIZE = 512;
const MIB = 1 << 20;
const GIB = 1 << 30;
const FAT_COUNT = 2;

/** Readers disagree by a few clusters on where one type ends and the next begins; new volumes stay away from there. */
const MARGIN = 16;

const POWERS = [1, 2, 4, 8, 16, 32, 64, 128];

/** Returns the sectors per cluster to try first, as mkfs.fat and Windows would. */
function usualCluster(size: number, type: FatType): number {
  if (type !== 32) return size <= 2 * MIB ? 1 : 4;
  if (size < 260 * MIB) return 1;
  if (size < 8 * GIB) return 8;
  if (size < 16 * GIB) return 16;
  return size < 32 * GIB ? 32 : 64;
}

/**
 * Computes the geometry of one type and cluster size; undefined when its number of clusters belongs to another type.
 */
function tryGeometry(
  { size, hiddenSectors = 0 }: FatOptions,
  type: FatType,
  sectorsPerCluster: number,
  rootEntriesNeeded: number,
): FatGeometry | undefined {
  const totalSectors = size / SECTOR_SIZE;
  const perSector = SECTOR_SIZE / ENTRY_SIZE;
  const usualEntries = size <= 2 * MIB ? 224 : 512;
  const rootEntries =
    type === 32 ? 0 : Math.max(usualEntries, Math.ceil(rootEntriesNeeded / perSector) * perSector);
  const root = rootSectors({ rootEntries, sectorSize: SECTOR_SIZE });
  const reserved = type === 32 ? 32 : 1;
  const atMost = Math.floor((totalSectors - reserved - root) / sectorsPerCluster);
  const sectorsPerFat = Math.ceil(tableSize(type, atMost) / SECTOR_SIZE);
  // Clusters start at a multiple of their size, counted from the start of the volume.
  const before = reserved + FAT_COUNT * sectorsPerFat + root;
  const dataSector = Math.ceil(before / sectorsPerCluster) * sectorsPerCluster;
  const clusters = Math.floor((totalSectors - dataSector) / sectorsPerCluster);
  const [least, most] = CLUSTER_LIMITS[type];
  if (clusters < (type === 12 ? least : least + MARGIN) || clusters > most - MARGIN) return undefined;
  return {
    type,
    sectorSize: SECTOR_SIZE,
    sectorsPerCluster,
    reservedSectors: reserved + dataSector - before,
    fatCount: FAT_COUNT,
    sectorsPerFat,
    rootEntries,
    rootCluster: type === 32 ? 2 : 0,
    totalSectors,
    hiddenSectors,
    clusters,
  };
}

/**
 * Settles the type and the cluster size of a new volume. Without a wish it is FAT32 from 512 MiB on, below
 * that FAT12 or FAT16 with the smallest cluster of 2 KiB or more that will do (512 bytes up to 2 MiB).
 * @throws ImageError `out-of-range` or `too-large` when no geometry fits the options
 */
export function chooseGeometry(options: FatOptions, rootEntriesNeeded: number): FatGeometry {
  const { size, type, sectorsPerCluster, hiddenSectors = 0 } = options;
  if (!Number.isSafeInteger(size) || size <= 0 || size % SECTOR_SIZE !== 0) {
    throw new ImageError(
      'out-of-range',
      `a FAT volume cannot have ${size} bytes; expected a multiple of ${SECTOR_SIZE}`,
    );
  }
  if (size / SECTOR_SIZE > 0xffffffff) {
    throw new ImageError('too-large', `a FAT volume of ${size} bytes needs more than 32 bits of sectors`);
  }
  if (!Number.isInteger(hiddenSectors) || hiddenSectors < 0 || hiddenSectors > 0xffffffff) {
    throw new ImageError('out-of-range', `hidden sectors ${hiddenSectors}: expected a 32-bit number`);
  }
  const auto: FatType[] = sectorsPerCluster ? [12, 16, 32] : size < 512 * MIB ? [12, 16] : [32];
  const types = type ? [type] : auto;
  const first = usualCluster(size, types[0] ?? 32);
  const powers = POWERS.filter((power) => power >= first).concat(
    POWERS.filter((power) => power < first).reverse(),
  );
  for (const power of powers.filter((power) => (sectorsPerCluster ?? power) === power)) {
    for (const candidate of types) {
      const geometry = tryGeometry(options, candidate, power, rootEntriesNeeded);
      if (geometry) return geometry;
    }
  }
  throw new ImageError(
    'out-of-range',
    `no FAT${type ?? ''} volume of ${size} bytes with ${sectorsPerCluster ?? 'any number of'} sectors per cluster exists`,
    { fix: 'choose another size, or leave type and sectorsPerCluster to createFat' },
  );
}
