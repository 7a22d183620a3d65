// SPDX-License-Identifier: Apache-2.0
import type { Layout } from '../layout/layout.js';
import type { ByteSource } from '../layout/source.js';

/** Width of an entry of the file allocation table, which names the variant. */
export type FatType = 12 | 16 | 32;

/** A file to be written. */
export interface FatFile {
  /** Names joined by `/`, without one at the start; folders on the way are made. */
  readonly path: string;
  readonly content: ByteSource;
}

export interface FatOptions {
  /** Length of the volume in bytes, a multiple of 512. */
  readonly size: number;
  readonly files: readonly FatFile[];
  /** Folders that shall exist even where no file lies in them. */
  readonly folders?: readonly string[];
  /** At most 11 characters of upper-case ASCII; no label by default. */
  readonly label?: string;
  /** 32-bit serial number of the volume. */
  readonly volumeId: number;
  /**
   * Seconds since 1970 (`SOURCE_DATE_EPOCH`), written in UTC as the time of every entry. What FAT cannot
   * say, before 1980 and after 2107, becomes the nearest it can.
   */
  readonly timestamp: number;
  /** Sectors of the disk before the volume: the first sector of its partition; 0 by default. */
  readonly hiddenSectors?: number;
  /** 12, 16 or 32; by default what suits the size. */
  readonly type?: FatType;
  /** A power of two up to 128; by default what suits the size. */
  readonly sectorsPerCluster?: number;
}

/** Where a file's bytes lie, in one piece. */
export interface PlacedFatFile {
  readonly path: string;
  /** Bytes from the start of the volume; for an empty file, which lies nowhere, 0. */
  readonly offset: number;
  readonly size: number;
}

/** A volume as a plan, and where everything went. */
export interface FatVolume {
  readonly layout: Layout;
  readonly type: FatType;
  /** Bytes in a cluster. */
  readonly clusterSize: number;
  /** All files, ordered by path. */
  readonly files: readonly PlacedFatFile[];
}

/** A file or folder that a reader found. */
export interface FatEntry {
  /** The long name where there is one, else the short name with its case flags applied. */
  readonly name: string;
  /** The 8.3 name as stored. */
  readonly shortName: string;
  readonly kind: 'file' | 'folder';
  /** Length in bytes; 0 for a folder. */
  readonly size: number;
  /** Attribute bits: 1 read-only, 2 hidden, 4 system, 16 folder, 32 archive. */
  readonly attributes: number;
  /** First cluster of its chain; 0 for an empty file. */
  readonly firstCluster: number;
}

/** A whole-volume check that found no fault. */
export interface FatCheck {
  readonly type: FatType;
  readonly clusterSize: number;
  /** From the root folder; empty where there is none. */
  readonly label: string;
  readonly volumeId: number;
  readonly files: number;
  /** Folders, the root not counted. */
  readonly folders: number;
  readonly clusters: number;
  readonly freeClusters: number;
}

/** An opened volume. Paths ignore case, may use long or short names, and may start with `/`. */
export interface FatReader extends FatCheck {
  /** Lists the entries of a folder in stored order; `''` is the root. @throws ImageError `not-found` */
  list(path: string): FatEntry[];
  /** Finds the entry at a path, by long or short name in any case. @throws ImageError `not-found` */
  find(path: string): FatEntry;
  /** Opens a file for reading. @throws ImageError `not-found`, for a folder as well */
  open(path: string): ByteSource;
}
