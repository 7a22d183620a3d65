// SPDX-License-Identifier: Apache-2.0
import type { FatType } from './fat.js';

/** Where everything in a volume lies, as its boot sector says it (Microsoft's FAT specification 1.03, "BPB"). */
export interface FatGeometry {
  readonly type: FatType;
  /** Bytes in a sector. */
  readonly sectorSize: number;
  readonly sectorsPerCluster: number;
  /** Sectors before the first copy of the table. */
  readonly reservedSectors: number;
  /** Copies of the table. */
  readonly fatCount: number;
  readonly sectorsPerFat: number;
  /** Places for entries in the root folder; 0 for FAT32, whose root is a chain of clusters. */
  readonly rootEntries: number;
  /** First cluster of the root folder of FAT32; 0 for the others. */
  readonly rootCluster: number;
  readonly totalSectors: number;
  readonly hiddenSectors: number;
  /** Clusters in the data area; they are numbered from 2. */
  readonly clusters: number;
}

/** Bytes of a directory entry. */
export const ENTRY_SIZE = 32;

/** Most entries that a folder may have: 2 MiB of them. */
export const MAX_FOLDER_ENTRIES = 65536;

/** Names in a path that are written and read: about as many as fit the 260 characters that Windows allows. */
export const MAX_DEPTH = 128;

/** Number of the first cluster. */
export const FIRST_CLUSTER = 2;

/** Fewest and most clusters that make a volume of each type. */
export const CLUSTER_LIMITS: Record<FatType, readonly [number, number]> = {
  12: [1, 4084],
  16: [4085, 65524],
  32: [65525, 0x0ffffff4],
};

/** Returns the bytes of a cluster. */
export const clusterSize = (geometry: FatGeometry) => geometry.sectorSize * geometry.sectorsPerCluster;

/** Returns how many bytes a copy of the table lies from the start of the volume. */
export const fatOffset = (geometry: FatGeometry, copy: number) =>
  (geometry.reservedSectors + copy * geometry.sectorsPerFat) * geometry.sectorSize;

/** Returns how many sectors the fixed root folder of FAT12 and FAT16 takes. */
export const rootSectors = ({ rootEntries, sectorSize }: Pick<FatGeometry, 'rootEntries' | 'sectorSize'>) =>
  Math.ceil((rootEntries * ENTRY_SIZE) / sectorSize);

/** Returns how many bytes the fixed root folder, or for FAT32 the data area, lies from the start of the volume. */
export const rootOffset = (geometry: FatGeometry) => fatOffset(geometry, geometry.fatCount);

/** Returns how many bytes a cluster lies from the start of the volume. */
export const clusterOffset = (geometry: FatGeometry, cluster: number) =>
  rootOffset(geometry) +
  rootSectors(geometry) * geometry.sectorSize +
  (cluster - FIRST_CLUSTER) * clusterSize(geometry);

/** Returns the bytes of a table with entries for `clusters` clusters and the two reserved ones. */
export const tableSize = (type: FatType, clusters: number) =>
  Math.ceil(((clusters + FIRST_CLUSTER) * type) / 8);
