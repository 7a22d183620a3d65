// SPDX-License-Identifier: Apache-2.0
import { readSync } from 'node:fs';
import { ImageError } from '../error.js';
import { assertInside, type ByteSource } from './source.js';

/**
 * Makes a source of an open file of `size` bytes, read by position. Closing the descriptor is left to the caller.
 * @param failure makes what is thrown of what the system refuses to read, for whoever has several files open at once
 * @throws ImageError `truncated` from a read, where the file turns out shorter than `size`
 */
export function fileSource(
  fd: number,
  size: number,
  failure: (cause: unknown) => unknown = (cause) => cause,
): ByteSource {
  const readSome = (into: Uint8Array, done: number, at: number) => {
    try {
      return readSync(fd, into, done, into.length - done, at);
    } catch (cause) {
      throw failure(cause);
    }
  };
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'file');
      for (let done = 0; done < into.length; ) {
        const count = readSome(into, done, offset + done);
        if (count === 0)
          throw new ImageError('truncated', `file ends at byte ${offset + done}, expected ${size} bytes`);
        done += count;
      }
    },
  };
}
