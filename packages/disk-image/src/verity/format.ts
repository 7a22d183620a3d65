// SPDX-License-Identifier: Apache-2.0
/** The numbers of dm-verity's format 1, as Documentation/admin-guide/device-mapper/verity.rst of Linux has them. */

/** The one size of data and hash blocks that is written and read. */
export const BLOCK = 4096;
export const DIGEST = 32;
export const DIGESTS_PER_BLOCK = BLOCK / DIGEST;
export const ALGORITHM = 'sha256';

/** The superblock that `veritysetup` writes in front of the tree. Numbers are little-endian. */
export const SUPERBLOCK = {
  magic: 'verity\0\0',
  size: 512,
  version: 8,
  hashType: 12,
  uuid: 16,
  algorithm: 32,
  dataBlockSize: 64,
  hashBlockSize: 68,
  dataBlocks: 72,
  saltSize: 80,
  salt: 88,
} as const;

export const VERSION = 1;
/** The salt goes in front of what is hashed, and digests stand side by side. */
export const HASH_TYPE = 1;
export const MAX_SALT = 256;
