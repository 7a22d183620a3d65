// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { HeldFileError, readFailure } from './error.js';
import { otherLength } from './identity.js';
import { type FilePlace, type StableFile, withStableFile } from './open.js';

/**
 * The size of a read: so large that a call costs nothing beside the hashing, and small enough for the cache. Written in
 * pieces of a mebibyte, ext4 takes twice as long.
 */
const CHUNK_BYTES = 1 << 17;

/** The bytes that are read before timers, signals and other work get a turn: a few milliseconds' worth. */
const TURN_BYTES = 8 << 20;

/**
 * Yields the file from start to end in one pass. A chunk is valid until the next is asked for. Ends with the
 * check that the file is exactly as long as it was when opened.
 *
 * Reads on the thread that hashes: the kernel reads ahead by itself, and a chunk that another thread read has
 * to come over from that processor's cache, which takes longer than reading it here.
 * @param roomFor gives the memory for each chunk, of at most so many bytes, where it is to lie somewhere else than the one before
 * @internal
 */
export async function* chunksOf(
  file: StableFile,
  roomFor?: (most: number) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  const { fd, path, size } = file;
  // One byte of room past the end: a file that has grown shows it.
  const most = Math.min(CHUNK_BYTES, size + 1);
  const own = Buffer.allocUnsafe(roomFor === undefined ? most : 0);
  let at = 0;
  let turnAt = TURN_BYTES;
  // One that grows as fast as it is read would be read for ever.
  while (at <= size) {
    const buffer = roomFor?.(most) ?? own;
    const length = readInto(buffer, fd, at, path);
    if (length === 0) break;
    at += length;
    if (at > size) break;
    yield buffer.subarray(0, length);
    if (at < turnAt) continue;
    turnAt += TURN_BYTES;
    await setImmediate();
  }
  if (at !== size) throw otherLength(file, at);
}

function readInto(buffer: Uint8Array, fd: number, at: number, path: string): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, at);
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** A small file, read whole. */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** SHA-256 of exactly these bytes, as 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** The permission bits of the file that was read. */
  readonly mode: number;
}

/**
 * Reads a file whole, once, for parsing: what is parsed is what was hashed.
 * @param options.maxBytes refuses a larger file before reading it
 * @throws HeldFileError `too-large` and everything that `withStableFile` throws
 */
export function readStableFile(
  place: FilePlace,
  options: { readonly maxBytes: number },
): Promise<FileContent> {
  return withStableFile(place, async (file) => {
    const { path } = file;
    if (file.size > options.maxBytes) {
      throw new HeldFileError('too-large', path, `${file.size} bytes, expected at most ${options.maxBytes}`);
    }
    const bytes = new Uint8Array(file.size);
    let at = 0;
    for await (const chunk of chunksOf(file)) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { bytes, size: file.size, sha256, mode: fstatSync(file.fd).mode & 0o777 };
  });
}
