// SPDX-License-Identifier: Apache-2.0
import { readSuperblock } from '../erofs/parse-superblock.js';
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readVeritySuperblock } from '../verity/superblock.js';
import type { FileSystem } from './file-system.js';

/**
 * Refuses a file system that says that it is longer than what holds it, and one of EROFS, or a hash area, whose superblock
 * is damaged.
 * @throws ImageError `truncated`, `corrupt`; `unsupported` for features of these two that are not known here
 */
export function assertSound({ type, size }: FileSystem, source: ByteSource): void {
  if (type === 'erofs') readSuperblock(source);
  if (type === 'dm-verity') readVeritySuperblock(source);
  if (size === undefined || size <= source.size) return;
  throw new ImageError(
    'truncated',
    `the ${type} file system has ${size} bytes, what holds it only ${source.size}`,
  );
}
