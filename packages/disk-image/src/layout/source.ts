// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/**
 * Something of known length that can be read at any offset: bytes in memory, an open file, the disk inside a
 * qcow2 file. Readers of every format take one, and never touch a path themselves.
 */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Fills the whole of `into` with the bytes that start at `offset`.
   * @throws ImageError `out-of-range` when that would pass the end of the source.
   */
  readInto(into: Uint8Array, offset: number): void;
  /**
   * Does the same on another thread, while this one does something else; left out where there is nothing to wait for.
   * Rejects as `readInto` throws, when nothing is put into `into` any more.
   */
  read?(into: Uint8Array, offset: number): Promise<void>;
}

/** Bytes from which on it is worth telling another thread to read them: fewer are read sooner than it is told. */
export const WORTH_ANOTHER_THREAD = 256 << 10;

/** Refuses a range of `length` bytes at `offset` that does not lie inside `size`. @throws ImageError `out-of-range` */
export function assertInside(size: number, offset: number, length: number, what: string): void {
  if (
    !(
      Number.isSafeInteger(offset) &&
      offset >= 0 &&
      Number.isSafeInteger(length) &&
      length >= 0 &&
      offset + length <= size
    )
  ) {
    throw new ImageError(
      'out-of-range',
      `${what}: bytes ${offset} to ${offset + length} lie outside its ${size} bytes`,
    );
  }
}

/** Makes a source of the bytes of an array, without a copy: later changes to the array show through. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    readInto(into, offset) {
      assertInside(bytes.length, offset, into.length, 'bytes');
      into.set(bytes.subarray(offset, offset + into.length));
    },
  };
}

/** Makes a source of `size` bytes of another one, starting at `offset`. */
export function sliceSource(source: ByteSource, offset: number, size: number): ByteSource {
  assertInside(source.size, offset, size, 'slice');
  return {
    size,
    readInto(into, at) {
      assertInside(size, at, into.length, 'slice');
      source.readInto(into, offset + at);
    },
    ...(source.read !== undefined && {
      async read(into, at) {
        assertInside(size, at, into.length, 'slice');
        await source.read?.(into, offset + at);
      },
    }),
  };
}

/** Reads `length` bytes at `offset` into fresh memory. */
export function readBytes(source: ByteSource, offset: number, length: number): Uint8Array {
  assertInside(source.size, offset, length, 'source');
  const bytes = new Uint8Array(length);
  source.readInto(bytes, offset);
  return bytes;
}
