// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from './source.js';

/** Makes a DataView of the bytes of an array, over the same memory. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Reads a structure of an image that is being examined.
 * @param what the structure, as the error message should name it
 * @throws ImageError `truncated` when the image ends before the structure does.
 */
export function readStructure(source: ByteSource, offset: number, length: number, what: string): DataView {
  if (!(Number.isSafeInteger(offset) && offset >= 0 && offset + length <= source.size)) {
    throw new ImageError(
      'truncated',
      `${what} should lie at bytes ${offset} to ${offset + length}, but the image has ${source.size} bytes`,
    );
  }
  return viewOf(readBytes(source, offset, length));
}
