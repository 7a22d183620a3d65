// SPDX-License-Identifier: Apache-2.0
import type { Layout } from './layout.js';

/** Bytes of an image that are written at once. */
export interface Piece {
  /** Where they begin in the image. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** How many of them are content; the others are zeros between two extents. */
  readonly content: number;
}

/** A shorter gap than this holds no block that a file system could leave out. */
const SMALLEST_HOLE = 4096;

/**
 * Gives the content of an image from start to end in pieces that are as large as a buffer where they can be: what lies close
 * together is one of them, with the zeros between. Where two pieces do not touch there is a hole.
 * @param buffers gives the memory of the next piece, always of the same length; it is asked when what lies in it is wanted no more
 */
export function* layoutPieces({ extents }: Layout, buffers: () => Uint8Array): Generator<Piece> {
  let buffer: Uint8Array | undefined;
  let at = 0;
  let length = 0;
  let content = 0;
  for (const { offset, source } of extents) {
    const gap = offset - at - length;
    if (buffer && gap < SMALLEST_HOLE && length + gap < buffer.length) {
      buffer.fill(0, length, length + gap);
      length += gap;
    } else {
      if (buffer) yield { at, bytes: buffer.subarray(0, length), content };
      buffer = undefined;
    }
    for (let done = 0; done < source.size; ) {
      if (buffer && length === buffer.length) {
        yield { at, bytes: buffer, content };
        buffer = undefined;
      }
      if (!buffer) {
        buffer = buffers();
        at = offset + done;
        length = 0;
        content = 0;
      }
      const part = buffer.subarray(length, length + source.size - done);
      source.readInto(part, done);
      done += part.length;
      length += part.length;
      content += part.length;
    }
  }
  if (buffer) yield { at, bytes: buffer.subarray(0, length), content };
}
