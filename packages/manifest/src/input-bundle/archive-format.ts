// SPDX-License-Identifier: Apache-2.0
import { BLOCK_BYTES, isTarHeader, isZeroBlock } from '@latticra/tar';
import { ManifestError } from '../error.js';
import type { RootfsFormat } from './schema.js';

/** As much of a file's beginning as tells its format. */
export const FORMAT_BYTES = BLOCK_BYTES;

/** First bytes of what a root file system may also come in, and what to do with it. */
const OTHERS: readonly (readonly [magic: string, name: string, fix: string])[] = [
  ['fd377a585a00', 'xz', 'decompress it with xz -d'],
  ['28b52ffd', 'zstd', 'decompress it with zstd -d'],
  ['425a68', 'bzip2', 'decompress it with bzip2 -d'],
  ['303730373031', 'cpio', 'make a tar archive of its files'],
  ['68737173', 'squashfs', 'make a tar archive of its files'],
];

/**
 * Tells the format of a root file system by its first bytes; its name says nothing. A block of zeros counts as tar:
 * an archive without members.
 * @throws ManifestError `format` when it is neither tar nor gzip, or not what it was declared to be
 */
export function rootfsFormat(
  path: string,
  head: Uint8Array,
  declared: RootfsFormat | undefined,
): RootfsFormat {
  const found = formatOf(head);
  if (found === undefined) {
    const [, name, fix] = OTHERS.find(([magic]) => Buffer.from(head).toString('hex').startsWith(magic)) ?? [];
    throw new ManifestError('format', `${path}: expected tar or tar.gz, found ${name ?? 'other'} content`, {
      fix: fix ?? 'name the archive of the root file system',
    });
  }
  if (declared !== undefined && declared !== found) {
    throw new ManifestError('format', `${path}: expected ${declared}, found ${found} content`, {
      fix: `declare it as ${found}, or name the ${declared} file`,
    });
  }
  return found;
}

function formatOf(head: Uint8Array): RootfsFormat | undefined {
  // RFC 1952, 2.3.1: the two bytes of the magic, then deflate, the only method there is.
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'tar.gz';
  const block = head.subarray(0, BLOCK_BYTES);
  return isTarHeader(block) || isZeroBlock(block) ? 'tar' : undefined;
}
