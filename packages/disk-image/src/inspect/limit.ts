// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';

/** What a read costs at least, in bytes: many small ones take as long as few large ones. */
const LEAST = 4096;

/**
 * Makes a source that gives up to `limit` bytes in all, whatever reads it: a file can be made to lead a reader in
 * circles. Each read counts `least` bytes or more, for sources that do more than copy.
 * @throws ImageError `unsupported` from the read that would pass the limit, and from every one after it
 */
export function limitReads(source: ByteSource, limit: number, least = LEAST): ByteSource {
  let left = limit;
  return {
    size: source.size,
    readInto(into, offset) {
      left -= Math.max(into.length, least);
      if (left < 0)
        throw new ImageError('unsupported', `looking into it takes more than ${limit} bytes to be read`);
      source.readInto(into, offset);
    },
  };
}
