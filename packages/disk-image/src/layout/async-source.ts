// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertInside } from './source.js';

/** Something of known length whose bytes have to be waited for: a Blob, ranges of a URL, a file that is read by promises. */
export interface AsyncByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * Fills the whole of `into` with the bytes that start at `offset`.
   * @throws ImageError `out-of-range` when that would pass the end of the source
   */
  read(into: Uint8Array, offset: number): Promise<void>;
}

/**
 * Makes a source of a Blob, such as the File that somebody chose in a browser.
 * @throws ImageError `truncated` from a read, where the Blob gives fewer bytes than it has
 */
export function blobSource(blob: Blob): AsyncByteSource {
  return {
    size: blob.size,
    async read(into, offset) {
      assertInside(blob.size, offset, into.length, 'blob');
      const bytes = new Uint8Array(await blob.slice(offset, offset + into.length).arrayBuffer());
      if (bytes.length !== into.length) {
        throw new ImageError(
          'truncated',
          `blob ends at byte ${offset + bytes.length}, expected ${blob.size} bytes`,
        );
      }
      into.set(bytes);
    },
  };
}
