// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';

const CHUNK = 1 << 20;

/** Gives the bytes from `start` to `end`, at most a mebibyte at a time, in memory that the next chunk uses again. */
export function* chunksOf(source: ByteSource, start: number, end: number): Generator<Uint8Array> {
  const memory = new Uint8Array(Math.max(0, Math.min(CHUNK, end - start)));
  for (let at = start; at < end; at += CHUNK) {
    const chunk = memory.subarray(0, Math.min(CHUNK, end - at));
    source.readInto(chunk, at);
    yield chunk;
  }
}
