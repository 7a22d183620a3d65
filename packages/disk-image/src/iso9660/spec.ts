// SPDX-License-Identifier: Apache-2.0
import type { Extent } from '../layout/layout.js';
import type { ByteSource } from '../layout/source.js';

/** A file to be put into an ISO 9660 image: everything but its bytes. */
export interface IsoFile {
  /** Where it goes, from the root: `EFI/BOOT/BOOTX64.EFI`. No leading slash; folders appear by being named. */
  readonly path: string;
  /** Length in bytes; above 4 GiB - 2 KiB the file is recorded in several sections (interchange level 3). */
  readonly size: number;
  /** The file starts at a multiple of this many bytes (a multiple of 2048, which is the default). */
  readonly align?: number;
}

/** An El Torito boot image: a file of the volume that firmware starts, without emulation. */
export interface IsoBootImage {
  /** Who starts it: a PC BIOS (platform 0) or UEFI (platform 0xEF, the file being a FAT image). */
  readonly platform: 'bios' | 'uefi';
  /** Path of the file, as in {@link IsoFile.path}. */
  readonly path: string;
  /** How much the firmware loads, in virtual sectors of 512 bytes, 1 to 65535. */
  readonly loadSectors: number;
}

/** Everything about an image but the contents of its files. */
export interface IsoSpec {
  /** Up to 32 characters of A-Z, 0-9 and `_`. */
  readonly volumeId: string;
  /** Every date of the image, in seconds since 1970 UTC (SOURCE_DATE_EPOCH). */
  readonly epoch: number;
  /** Up to 32 printable ASCII characters, as the three below with 128 (default: empty). */
  readonly systemId?: string;
  readonly publisherId?: string;
  readonly preparerId?: string;
  readonly applicationId?: string;
  readonly files: readonly IsoFile[];
  /** Folders that should exist even without a file in them. */
  readonly folders?: readonly string[];
  /** El Torito entries; the first is the default entry. At most 32. */
  readonly boot?: readonly IsoBootImage[];
  /** Bytes kept free at the very end of the image, for a backup GPT (default 0). */
  readonly trailerSize?: number;
  /** The image's length is rounded up to a multiple of this many bytes (a multiple of 2048, the default). */
  readonly alignSize?: number;
}

/** A place in the image, in bytes. `offset / 2048` is the logical block address. */
export interface IsoExtent {
  readonly offset: number;
  readonly size: number;
}

/** Where everything will lie: known from sizes alone, before any content is. */
export interface IsoPlan {
  /** Length of the image in bytes, the trailer included. */
  readonly size: number;
  /** Every file by the path it was given under. Sections of a large file follow one another directly. */
  readonly files: ReadonlyMap<string, IsoExtent>;
  /** The El Torito boot catalog, when there are boot images. */
  readonly bootCatalog: IsoExtent | undefined;
  /** The last `trailerSize` bytes of the image. */
  readonly trailer: IsoExtent;
  /** Descriptors, path tables, directories and catalog, ready to be written. */
  readonly metadata: readonly Extent[];
}

/** The bytes that go where an {@link IsoPlan} says. */
export interface IsoContents {
  /** One source for every file of the plan, of exactly the planned size. */
  readonly files: ReadonlyMap<string, ByteSource>;
  /** Up to 32 KiB for the system area in front of the volume: boot code, MBR, primary GPT. */
  readonly systemArea?: ByteSource;
  /** Exactly `trailer.size` bytes for the end of the image. */
  readonly trailer?: ByteSource;
}
