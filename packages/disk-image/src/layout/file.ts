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
  failure: (cause: unknown) => unknown = asItIs,
): ByteSource {
  return new FileSource(fd, size, failure);
}

const asItIs = (cause: unknown) => cause;

/** A class, since there may be one for each of many files: functions made for each of them take ten times the memory. */
class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;
  readonly #failure: (cause: unknown) => unknown;

  constructor(fd: number, size: number, failure: (cause: unknown) => unknown) {
    this.size = size;
    this.#fd = fd;
    this.#failure = failure;
  }

  readInto(into: Uint8Array, offset: number): void {
    assertInside(this.size, offset, into.length, 'file');
    for (let done = 0; done < into.length; ) {
      let count: number;
      try {
        count = readSync(this.#fd, into, done, into.length - done, offset + done);
      } catch (cause) {
        throw this.#failure(cause);
      }
      this.#assertRead(count, offset + done);
      done += count;
    }
  }

  async read(into: Uint8Array, offset: number): Promise<void> {
    assertInside(this.size, offset, into.length, 'file');
    for (let done = 0; done < into.length; ) {
      const { bytesRead } = await readLater(this.#fd, into, done, into.length - done, offset + done).catch(
        (cause) => {
          throw this.#failure(cause);
        },
      );
      this.#assertRead(bytesRead, offset + done);
      done += bytesRead;
    }
  }

  #assertRead(count: number, at: number): void {
    if (count === 0)
      throw new ImageError('truncated', `file ends at byte ${at}, expected ${this.size} bytes`);
  }
}
