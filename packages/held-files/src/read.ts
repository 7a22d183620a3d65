// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { HeldFileError, readFailure } from './error.js';
import { type HeldHandle, withHandle } from './open.js';

/** Large enough that a call costs nothing beside the hashing, small enough to stay in the cache. */
const CHUNK_BYTES = 1 << 20;

/**
 * Yields the file from start to end in one pass, reading the next chunk while the caller works on this one.
 * A chunk is valid until the next is asked for. Ends with the check that the file is exactly as long as it
 * was when opened.
 * @internal
 */
export async function* chunksOf(file: HeldHandle): AsyncGenerator<Uint8Array> {
  const { handle, path, size } = file;
  // One byte of room past the end: a file that has grown shows it.
  const room = Math.min(CHUNK_BYTES, size + 1);
  const buffers = [Buffer.allocUnsafe(room), Buffer.allocUnsafe(room)] as const;
  const fill = (turn: number, at: number) => handle.read(buffers[turn === 0 ? 0 : 1], 0, room, at);
  let at = 0;
  let turn = 0;
  try {
    let pending = fill(turn, at);
    for (;;) {
      const { bytesRead, buffer } = await pending;
      if (bytesRead === 0) break;
      at += bytesRead;
      // One that grows as fast as it is read would be read for ever.
      if (at > size) break;
      turn = 1 - turn;
      pending = fill(turn, at);
      // Whoever stops early must not leave a rejected read behind.
      pending.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw readFailure(path, error);
  }
  if (at !== size) {
    const found = at > size ? `more than ${size} bytes` : `${at} bytes`;
    throw new HeldFileError('changed', path, `read ${found}, expected the ${size} it had when opened`, {
      fix: 'let whatever writes it finish, then run this again',
    });
  }
}

/** A small file, read whole. */
export interface FileContent {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** 64 lower-case hexadecimal digits, of exactly these bytes. */
  readonly sha256: string;
}

/**
 * Reads a file whole, once, for parsing: what is parsed is what was hashed.
 * @param options.maxBytes refuses a larger file before reading it
 * @throws HeldFileError `too-large` and everything that `withStableFile` throws
 */
export function readStableFile(path: string, options: { readonly maxBytes: number }): Promise<FileContent> {
  return withHandle(path, async (file) => {
    if (file.size > options.maxBytes) {
      throw new HeldFileError('too-large', path, `${file.size} bytes, expected at most ${options.maxBytes}`);
    }
    const bytes = new Uint8Array(file.size);
    let at = 0;
    for await (const chunk of chunksOf(file)) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return { bytes, size: file.size, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
}
