// SPDX-License-Identifier: Apache-2.0
import { createDigestThread, type DigestThread } from './digest-thread.js';
import type { BlocksDigest, Digests, FileDigest, Room, StreamDigest } from './digests.js';
import {
  BLOCK_BYTES,
  createPieces,
  DIGEST_BYTES,
  KIND,
  PIECE_BYTES,
  PIECES,
  resultsOf,
  SUPPLIES,
} from './queue.js';

/** Digests that other threads make. */
export interface ThreadedDigests extends Digests {
  /** Ends the threads, whatever they are at. */
  close(): Promise<void>;
}

/** Starts threads that digest; each digest is made by one of them, and they take turns. */
export function digestThere(count: number): ThreadedDigests {
  const pieces = createPieces();
  const threads = Array.from({ length: count }, () => createDigestThread(pieces));
  /** Of each piece what has to be done before it is filled again. */
  const uses = Array.from({ length: SUPPLIES * PIECES }, (): (() => void)[] => []);
  let digests = 0;

  const use = (offset: number, settle: () => void) => uses[Math.floor(offset / PIECE_BYTES)]?.push(settle);
  const supply = (index: number): Room => {
    let next = 0;
    return () => {
      const piece = index * PIECES + next;
      next = (next + 1) % PIECES;
      for (const settle of uses[piece]?.splice(0) ?? []) settle();
      return pieces.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
    };
  };
  const elsewhere = supply(SUPPLIES - 1);
  /** Calls `add` with where the bytes lie in the pieces. */
  const place = (bytes: Uint8Array, add: (offset: number, length: number) => void) => {
    if (bytes.buffer === pieces.buffer || bytes.length === 0) {
      add(bytes.length === 0 ? 0 : bytes.byteOffset, bytes.length);
      return;
    }
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const part = bytes.subarray(at, at + PIECE_BYTES);
      const room = elsewhere();
      room.set(part);
      add(room.byteOffset, part.length);
    }
  };
  const streamOf = (thread: DigestThread, digest: number): StreamDigest => ({
    add: (bytes) =>
      place(bytes, (offset, length) => {
        const task = thread.push({ kind: KIND.stream, digest, offset, length });
        use(offset, () => thread.wait(task));
      }),
    end() {
      thread.wait(thread.push({ kind: KIND.end, digest, offset: 0, length: 0 }));
      return thread.end();
    },
  });
  const another = (): readonly [DigestThread, number] => {
    const number = digests++;
    const thread = threads[number % count];
    if (thread === undefined) throw new RangeError('no thread');
    return [thread, number];
  };

  return {
    rooms: [supply(0), supply(1)],
    stream: () => streamOf(...another()),
    file(fd): FileDigest {
      const [thread, digest] = another();
      thread.push({ kind: KIND.file, digest, offset: fd, length: 0 });
      return {
        ...streamOf(thread, digest),
        reached() {
          thread.wait(thread.push({ kind: KIND.reached, digest, offset: 0, length: 0 }));
          return thread.reached();
        },
      };
    },
    blocks(salt, take): BlocksDigest {
      const [thread, digest] = another();
      const underWay: { readonly task: number; readonly offset: number; readonly bytes: number }[] = [];
      /** Gives away what came of everything up to a task: it is asked for in order, and what came before is as well. */
      const settle = (until: number) => {
        for (let first = underWay[0]; first !== undefined && first.task <= until; first = underWay[0]) {
          thread.wait(first.task);
          underWay.shift();
          take(resultsOf(thread.memory, first.offset).subarray(0, first.bytes));
        }
      };
      place(salt, (offset, length) => {
        const task = thread.push({ kind: KIND.salt, digest, offset, length });
        use(offset, () => thread.wait(task));
      });
      return {
        add: (blocks) =>
          place(blocks, (offset, length) => {
            const task = thread.push({ kind: KIND.blocks, digest, offset, length });
            underWay.push({ task, offset, bytes: (length / BLOCK_BYTES) * DIGEST_BYTES });
            use(offset, () => settle(task));
          }),
        end: () => settle(Number.MAX_SAFE_INTEGER),
      };
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}
