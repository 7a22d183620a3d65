// SPDX-License-Identifier: Apache-2.0
import {
  type ByteSource,
  type Layout,
  layoutSource,
  readBytes,
} from '../../../packages/disk-image/src/index.js';

/** Returns the bytes of a text. */
export const bytesOf = (text: string): Uint8Array => Buffer.from(text);

/** Returns an image as bytes. */
export function imageBytes(image: Layout | ByteSource): Uint8Array {
  const source = 'extents' in image ? layoutSource(image) : image;
  return readBytes(source, 0, source.size);
}

/** Returns whether two pieces of text or bytes are the same. */
export const isSame = (one: Uint8Array | string, other: Uint8Array | string): boolean =>
  Buffer.compare(Buffer.from(one), Buffer.from(other)) === 0;

/** As much of a file or a disk as is read, from its start and from its end. */
const LOOK = 1 << 16;

/** Reads the start and the end of what a reader opened. */
export function readEnds(source: ByteSource): void {
  const length = Math.min(LOOK, source.size);
  readBytes(source, 0, length);
  readBytes(source, source.size - length, length);
}
