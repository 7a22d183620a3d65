// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Layout } from './layout.js';
import { pageMemory } from './page-memory.js';
import { layoutPieces, type Piece } from './pieces.js';
import { assertTaken, type Target, type WriteOptions } from './target.js';

/** Bytes that are read at once: so many that what two threads have to tell each other takes no time beside it. */
const PIECE = 2 << 20;
/** Bytes that are written at once: so many that a call costs nothing, and so few that the system has memory for them in one step. */
const WRITTEN = 256 << 10;
/** The bytes that are written before timers, signals and other work get a turn: a few milliseconds' worth. */
const TURN = 8 << 20;
/** How much is written before the disk is set to work on it, while the next of it is made. */
const SYNC = 64 << 20;

/**
 * Writes to a regular file on this thread, while another reads what comes next from a source that can be read so. One alone
 * writes: of two, one would wait in the kernel until the other is done, and keep a processor busy with it.
 * @param sync sets the disk to work on what was written, now and then
 */
export async function writeHere(
  fd: number,
  layout: Layout,
  { onBytes, signal }: WriteOptions,
  sync: Target['sync'],
): Promise<void> {
  const length = Math.min(PIECE, layout.size);
  let buffer = pageMemory(length);
  /** Taken where another thread reads, and the piece before is not written yet. */
  let other: Uint8Array<ArrayBuffer> | undefined;
  let before: Piece | undefined;
  const inTurn = () => {
    if (before !== undefined) [buffer, other] = [other ?? pageMemory(length), buffer];
    return buffer;
  };
  let reading: Promise<void> | undefined;
  let syncing: Promise<void> | undefined;
  let written = 0;
  let turnAt = TURN;
  let syncAt = SYNC;
  const put = async ({ at, bytes, content }: Piece) => {
    for (let done = 0; done < bytes.length; ) {
      // Ends where a multiple of that does, wherever the piece begins.
      const most = WRITTEN - ((at + done) % WRITTEN);
      done += assertTaken(writeSync(fd, bytes, done, Math.min(most, bytes.length - done), at + done));
    }
    written += bytes.length;
    onBytes?.(content);
    signal?.throwIfAborted();
    if (written >= turnAt) {
      turnAt = written + TURN;
      await setImmediate();
      signal?.throwIfAborted();
    }
    if (sync !== undefined && written >= syncAt) {
      syncAt = written + SYNC;
      await syncing;
      syncing = sync();
      // Until it is awaited its failure must not count as unhandled.
      syncing.catch(() => undefined);
    }
  };
  signal?.throwIfAborted();
  try {
    for (const piece of layoutPieces(layout, inTurn)) {
      reading = piece.readRest?.();
      reading?.catch(() => undefined);
      if (before !== undefined) await put(before);
      await reading;
      before = reading === undefined ? undefined : piece;
      if (reading === undefined) await put(piece);
    }
    if (before !== undefined) await put(before);
    await syncing;
  } finally {
    // Whoever closes either file next has nothing under way there.
    await Promise.allSettled([reading, syncing]);
  }
}
