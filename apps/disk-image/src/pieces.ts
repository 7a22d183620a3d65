// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import type { ByteSource } from '@latticra/disk-image';

const PIECE = 1 << 20;

/** Reads content from its first byte to its last; a piece is good until the next is asked for. */
export async function* piecesOf(content: ByteSource, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PIECE, content.size));
  for (let at = 0; at < content.size; at += buffer.length) {
    // Whoever pressed Ctrl-C is heard here.
    await setImmediate();
    signal.throwIfAborted();
    const piece = buffer.subarray(0, Math.min(buffer.length, content.size - at));
    content.readInto(piece, at);
    yield piece;
  }
}
