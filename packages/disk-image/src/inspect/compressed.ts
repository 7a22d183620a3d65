// SPDX-License-Identifier: Apache-2.0
import { constants, gunzipSync } from 'node:zlib';
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { hasText, peek, startsWith } from './bytes.js';

/** A way to compress that a file shows by its first bytes. */
export type Compression = 'gzip' | 'xz' | 'zstd' | 'lz4' | 'lzo' | 'bzip2' | 'lzma' | 'lzip' | 'compress';

const SKIPPABLE = 0x184d2a50;

const isZstd = (bytes: Buffer) =>
  startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd) ||
  (bytes.length >= 8 && (bytes.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE);

/** Properties of lzma that its programs write, then a dictionary of a power of two, then a size that is plausible. */
const isLzma = (bytes: Buffer) =>
  startsWith(bytes, 0x5d, 0, 0) &&
  bytes.length >= 13 &&
  (bytes.readBigUInt64LE(5) === 0xffff_ffff_ffff_ffffn || bytes.readBigUInt64LE(5) < 1n << 40n) &&
  bytes[13] === 0;

const TESTS: Readonly<Record<Compression, (bytes: Buffer) => boolean>> = {
  gzip: (bytes) => startsWith(bytes, 0x1f, 0x8b, 8),
  xz: (bytes) => startsWith(bytes, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
  zstd: isZstd,
  lz4: (bytes) => startsWith(bytes, 0x04, 0x22, 0x4d, 0x18) || startsWith(bytes, 0x02, 0x21, 0x4c, 0x18),
  lzo: (bytes) => startsWith(bytes, 0x89, 0x4c, 0x5a, 0x4f, 0, 0x0d, 0x0a, 0x1a, 0x0a),
  bzip2: (bytes) =>
    hasText(bytes, 0, 'BZh') && startsWith(bytes.subarray(4), 0x31, 0x41, 0x59, 0x26, 0x53, 0x59),
  lzma: isLzma,
  lzip: (bytes) => hasText(bytes, 0, 'LZIP') && bytes[4] === 1,
  compress: (bytes) => startsWith(bytes, 0x1f, 0x9d),
};

/** Finds how the bytes at `offset` are compressed; undefined where they are not, or not in a way that is known here. */
export function compressionAt(source: ByteSource, offset = 0): Compression | undefined {
  const bytes = peek(source, offset, 16);
  return (Object.keys(TESTS) as Compression[]).find((compression) => TESTS[compression](bytes));
}

/** Compressed bytes that are unpacked to see what is inside; deflate makes a thousand of one at most. */
const LOOK_IN = 64 << 10;
const LOOK_OUT = 80 << 20;

/** Decompresses the first bytes of gzip data at `offset`; undefined where that fails. */
export function gzipHead(source: ByteSource, offset: number): Uint8Array | undefined {
  try {
    return gunzipSync(peek(source, offset, LOOK_IN), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: LOOK_OUT,
    });
  } catch {
    return undefined;
  }
}

/** What a cpio archive ends with, and fills its last block with zeros behind. */
const CPIO_END = /TRAILER!!!\0+$/;

/**
 * Holds the end of an xz file against its beginning: it has a footer, and streams that are not cut off. The archives of an initramfs stand one
 * behind the other: one that ends with a cpio archive may have anything before that.
 * @throws ImageError `truncated`
 */
export function checkXzEnd(source: ByteSource): void {
  const tail = peek(source, Math.max(0, source.size - 1024), 1024);
  if (CPIO_END.test(tail.toString('latin1'))) return;
  const end = tail.findLastIndex((byte) => byte !== 0) + 1;
  // Streams may be followed by zeros, four at a time.
  if (end < 12 || (tail.length - end) % 4 !== 0 || tail.toString('latin1', end - 2, end) !== 'YZ') {
    throw new ImageError('truncated', 'the xz data does not end with the footer of a stream');
  }
}
