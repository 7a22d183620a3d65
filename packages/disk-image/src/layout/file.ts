// SPDX-License-Identifier: Apache-2.0
import { read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { ImageError } from '../error.js';
import { assertInside, type ByteSource } from './source.js';

const readLater = promisify(read);

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
  const readSomeAside = async (into: Uint8Array, done: number, at: number) => {
    try {
      return (await readLater(fd, into, done, into.length - done, at)).bytesRead;
    } catch (cause) {
      throw failure(cause);
    }
  };
  const assertRead = (count: number, at: number) => {
    if (count === 0) throw new ImageError('truncated', `file ends at byte ${at}, expected ${size} bytes`);
  };
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'file');
      for (let done = 0; done < into.length; ) {
        const count = readSome(into, done, offset + done);
        assertRead(count, offset + done);
        done += count;
      }
    },
    async read(into, offset) {
      assertInside(size, offset, into.length, 'file');
      for (let done = 0; done < into.length; ) {
        const count = await readSomeAside(into, done, offset + done);
        assertRead(count, offset + done);
        done += count;
      }
    },
  };
}
