// SPDX-License-Identifier: Apache-2.0
/**
 * The numbers of EROFS on disk, as fs/erofs/erofs_fs.h of Linux has them. Everything is little-endian. A file is found
 * by its nid: the place of its inode in slots of 32 bytes, from the block where metadata begins.
 */

export const EROFS_MAGIC = 0xe0f5e1e2;

/** The superblock, in the first block; what stands in front of it is left to boot sectors. */
export const SUPERBLOCK = { offset: 1024, size: 128 } as const;

/** The one block size that is written, and the one that every kernel reads. */
export const BLOCK = 4096;
export const SLOT = 32;
export const SLOTS_PER_BLOCK = BLOCK / SLOT;

/** Features that may be ignored: the checksum is there; the times are those of the last modification. */
export const COMPAT = { checksum: 0x1, mtime: 0x2 } as const;

/** Features that a reader has to know. */
export const INCOMPAT = {
  zeroPadding: 0x1,
  compressionOptions: 0x2,
  chunkedFiles: 0x4,
  /** Also says that a second head algorithm may be used. */
  deviceTable: 0x8,
  tailPacking: 0x10,
  fragments: 0x20,
  xattrPrefixes: 0x40,
} as const;

/** How the content of an inode is laid out: bits 1 to 3 of its format; bit 0 says that the inode is a long one. */
export const DATA_LAYOUT = { plain: 0, compressedFull: 1, inline: 2, compressed: 3, chunked: 4 } as const;

export const INODE = { compact: 32, extended: 64 } as const;
export const DIRENT = 12;

/** Where a file without blocks of its own has them. */
export const NO_BLOCK = 0xffff_ffff;

/** Types of POSIX in the upper bits of a mode. */
export const TYPE_BITS = 0o170000;
export const PERMISSION_BITS = 0o7777;

export const MAX_NAME = 255;
/** Linux's PATH_MAX without its NUL. */
export const MAX_TARGET = 4095;

/** The header of an inode's extended attributes, and that of each. */
export const XATTR = { header: 12, entry: 4 } as const;

/** What attribute names begin with, and the number that stands for it. */
export const XATTR_PREFIXES: readonly (readonly [number, string])[] = [
  [1, 'user.'],
  [2, 'system.posix_acl_access'],
  [3, 'system.posix_acl_default'],
  [4, 'trusted.'],
  [5, 'lustre.'],
  [6, 'security.'],
];

/** Returns how much `length` bytes take in whole units. */
export const roundUp = (length: number, unit: number) => Math.ceil(length / unit) * unit;
