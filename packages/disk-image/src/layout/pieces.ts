// SPDX-License-Identifier: Apache-2.0
import type { Layout } from './layout.js';
import { type ByteSource, WORTH_ANOTHER_THREAD } from './source.js';

/** Bytes of an image that are written at once. */
export interface Piece {
  /** Where they begin in the image. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** How many of them are content; the others are zeros between two extents. */
  readonly content: number;
  /** Reads on another thread what is not in `bytes` yet; to be called once, and undefined where everything is. */
  readonly readRest?: () => Promise<void>;
}

/** A part of a piece that is to be read on another thread. */
interface Rest {
  readonly source: ByteSource;
  readonly from: number;
  readonly into: Uint8Array;
}

/** A shorter gap than this holds no block that a file system could leave out. */
const SMALLEST_HOLE = 4096;

/**
 * Gives the content of an image from start to end in pieces that are as large as a buffer where they can be, and end where a multiple of that does in the
 * image, since a file system takes memory for what lies so in one step: what lies close together is one of them, with the zeros between. Where two
 * pieces do not touch there is a hole. What a source can read on another thread is left to that, where it is much.
 * @param buffers gives the memory of the next piece, always of the same length; it is asked when what lies in it is wanted no more
 */
export function* layoutPieces({ extents }: Layout, buffers: () => Uint8Array): Generator<Piece> {
  let buffer: Uint8Array | undefined;
  // How much of it is filled at most.
  let room = 0;
  let at = 0;
  let length = 0;
  let content = 0;
  let rest: Rest[] = [];
  const piece = (bytes: Uint8Array): Piece => {
    const parts = rest;
    rest = [];
    return { at, bytes, content, ...(parts.length > 0 && { readRest: () => readAll(parts) }) };
  };
  for (const { offset, source } of extents) {
    const gap = offset - at - length;
    if (buffer && gap < SMALLEST_HOLE && length + gap < room) {
      buffer.fill(0, length, length + gap);
      length += gap;
    } else {
      if (buffer) yield piece(buffer.subarray(0, length));
      buffer = undefined;
    }
    for (let done = 0; done < source.size; ) {
      if (buffer && length === room) {
        yield piece(buffer.subarray(0, room));
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
      if (source.read !== undefined && part.length >= WORTH_ANOTHER_THREAD)
        rest.push({ source, from: done, into: part });
      else source.readInto(part, done);
      done += part.length;
      length += part.length;
      content += part.length;
    }
  }
  if (buffer) yield piece(buffer.subarray(0, length));
}

/** Reads parts at once. Where one fails, the others have ended too before that is told: nothing is under way any more. */
async function readAll(parts: readonly Rest[]): Promise<void> {
  const outcomes = await Promise.allSettled(parts.map(({ source, from, into }) => source.read?.(into, from)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
