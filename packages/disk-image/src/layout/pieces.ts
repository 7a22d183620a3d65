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
 * Gives the content of an image from start to end in pieces that are as large as a buffer where they can be, and end where a multiple of that does in the
 * image, since a file system takes memory for what lies so in one step: what lies close together is one of them, with the zeros between. Where two
 * pieces do not touch there is a hole.
 * @param buffers gives the memory of the next piece, always of the same length; it is asked when what lies in it is wanted no more
 */
export function* layoutPieces({ extents }: Layout, buffers: () => Uint8Array): Generator<Piece> {
  let buffer: Uint8Array | undefined;
  // How much of it is filled at most.
  let room = 0;
  let at = 0;
  let length = 0;
  let content = 0;
  for (const { offset, source } of extents) {
    const gap = offset - at - length;
    if (buffer && gap < SMALLEST_HOLE && length + gap < room) {
      buffer.fill(0, length, length + gap);
      length += gap;
    } else {
      if (buffer) yield { at, bytes: buffer.subarray(0, length), content };
      buffer = undefined;
    }
    for (let done = 0; done < source.size; ) {
      if (buffer && length === room) {
        yield { at, bytes: buffer.subarray(0, room), content };
        buffer = undefined;
      }
      if (!buffer) {
        buffer = buffers();
        at = offset + done;
        room = buffer.length - (at % buffer.length);
        length = 0;
        content = 0;
      }
      const part = buffer.subarray(length, Math.min(room, length + source.size - done));
      source.readInto(part, done);
      done += part.length;
      length += part.length;
      content += part.length;
    }
  }
  if (buffer) yield { at, bytes: buffer.subarray(0, length), content };
}
