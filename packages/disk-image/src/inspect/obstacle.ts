// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { peek } from './bytes.js';
import type { Compression } from './compressed.js';

/** Fields in the header of gzip that Linux does not skip: all but a name. */
const OTHER_FIELDS = 0xf4;
const XZ_CHECKS: Readonly<Record<number, string>> = { 4: 'CRC64', 10: 'SHA-256' };

/** By compression, what the decompressors of Linux (lib/decompress*.c) do not take, of the first bytes; they take less than programs write. */
const OBSTACLES: Readonly<Partial<Record<Compression, (bytes: Buffer) => string | undefined>>> = {
  gzip: (bytes) =>
    ((bytes[3] ?? 0) & OTHER_FIELDS) === 0
      ? undefined
      : 'gzip data with more in its header than a name; gzip -n makes it without',
  xz(bytes) {
    // None, and CRC32.
    const check = bytes[7] ?? 0;
    if (check <= 1) return undefined;
    return `xz data with the check ${XZ_CHECKS[check] ?? check}, not CRC32, which xz --check=crc32 makes`;
  },
  lz4: (bytes) =>
    bytes[0] === 2 ? undefined : 'lz4 data in frames, not in the legacy format, which lz4 -l makes',
  zstd: (bytes) =>
    bytes[0] === 0x28 ? undefined : 'zstd data that begins with a frame to be skipped; zstd makes none',
  lzip: () => 'lzip data; compress it with zstd, or with gzip',
  compress: () => 'compress data; compress it with zstd, or with gzip',
};

/**
 * Says what keeps Linux from unpacking what is at `offset`, compressed in this way, and what would be unpacked; undefined where
 * nothing is known to.
 */
export function linuxObstacle(
  source: ByteSource,
  offset: number,
  compression: Compression,
): string | undefined {
  return OBSTACLES[compression]?.(peek(source, offset, 16));
}

/** Blocks of 128 KiB at most: eight gibibytes of content, or more. */
const MAX_BLOCKS = 1 << 16;

/**
 * Goes from block to block through the frame of zstd at `offset` (RFC 8878), and unpacks none.
 * @throws ImageError `truncated` where the source ends within it, `corrupt` for a block that is none
 */
export function checkZstdFrame(source: ByteSource, offset: number): void {
  const [magic, , , , descriptor = 0] = peek(source, offset, 5);
  // One that is skipped says no more than its size.
  if (magic !== 0x28) return;
  const single = (descriptor & 0x20) !== 0;
  const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  let at = offset + 5 + (single ? 0 : 1) + dictionary + contentSize;
  for (let block = 0; block < MAX_BLOCKS; block++) {
    const header = peek(source, at, 3);
    const value = header.length === 3 ? header.readUIntLE(0, 3) : 0;
    const [isLast, type, size] = [(value & 1) !== 0, (value >> 1) & 3, value >> 3];
    if (type === 3)
      throw new ImageError('corrupt', `the zstd data has a block of no known type at byte ${at}`);
    at += 3 + (type === 1 ? 1 : size);
    const end = at + (isLast && (descriptor & 4) !== 0 ? 4 : 0);
    if (header.length < 3 || end > source.size)
      throw new ImageError('truncated', `the zstd data passes the end of the file, ${source.size}`);
    if (isLast) return;
  }
}
