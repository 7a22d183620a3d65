// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, write } from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf } from '@latticra/failure';
import { assertTaken } from '../write-all.js';
import { BLOCK_BYTES, type DirectFile, openDirect, PIECE_BYTES } from './open.js';

/**
 * Writes a new file from its beginning to its end past the page cache: the system then copies nothing, and neither has to find memory
 * for it nor to write it back later. What is read into {@link room} is what is written. Not made durable by it.
 * @internal
 */
export interface DirectWriter {
  /** Returns the memory for what stands next in the file, at most `most` bytes of it; it may be read until the next is asked for. */
  room(most: number): Uint8Array;
  /** Takes the first `length` bytes of that room; those of a hole are left out of the file. */
  take(length: number, isHole: boolean): void;
  /** Waits until there is room. Throws what the system says of what was written before. */
  ready(): Promise<void>;
  /** Writes what is left. Throws what the system says. */
  settle(): Promise<void>;
  /** Waits for what is under way, whatever comes of it, and lets the file go. */
  close(): Promise<void>;
}

/**
 * Makes such a writer for a new file that is open to be written; undefined where the file is small, or this system has nothing of the
 * kind for it: then it is written as any other.
 * @param path for messages
 * @param size of what will be written
 * @param worth see `openDirect` @internal
 */
export function createDirectWriter(
  path: string,
  fd: number,
  size: number,
  worth?: number,
): DirectWriter | undefined {
  const direct = openDirect(fd, constants.O_WRONLY, size, worth);
  return direct === undefined ? undefined : writerTo(path, fd, direct);
}

const writeAt = promisify(write);

function writerTo(path: string, fd: number, { direct, ring }: DirectFile): DirectWriter {
  /** How far the file is taken, and from where on nothing was handed to the system. */
  let at = 0;
  let from = 0;
  let isRefused = false;
  /** What is under way, by the piece of memory. */
  const writes: Promise<unknown>[] = Array.from({ length: ring.length / PIECE_BYTES }, () =>
    Promise.resolve(),
  );
  const pieceAt = (place: number) => Math.floor(place / PIECE_BYTES) % writes.length;

  const writeDirect = async (bytes: Uint8Array, place: number): Promise<number> => {
    const whole = bytes.length - (bytes.length % BLOCK_BYTES);
    if (isRefused || whole === 0 || place % BLOCK_BYTES !== 0) return 0;
    try {
      return (await writeAt(direct, bytes, 0, whole, place)).bytesWritten;
    } catch (error) {
      // A disk or file system that asks for more than a block; it says so before anything is written.
      if (errnoOf(error) !== 'EINVAL') throw error;
      isRefused = true;
      return 0;
    }
  };
  const writeAll = async (bytes: Uint8Array, place: number) => {
    let done = await writeDirect(bytes, place);
    while (done < bytes.length) {
      const { bytesWritten } = await writeAt(fd, bytes, done, bytes.length - done, place + done);
      done += assertTaken(path, bytesWritten);
    }
  };
  const handOver = () => {
    if (from === at) return;
    const begin = from % ring.length;
    const bytes = ring.subarray(begin, begin + at - from);
    const piece = pieceAt(from);
    writes[piece] = Promise.all([writes[piece], writeAll(bytes, from)]);
    // It is awaited before the memory is used again; until then its failure must not count as unhandled.
    writes[piece].catch(() => undefined);
    from = at;
  };
  return {
    room(most) {
      const begin = at % ring.length;
      return ring.subarray(begin, Math.min(begin + most, begin - (begin % PIECE_BYTES) + PIECE_BYTES));
    },
    take(length, isHole) {
      if (isHole) handOver();
      at += length;
      if (isHole) from = at;
      if (at % PIECE_BYTES === 0) handOver();
    },
    async ready() {
      if (at % PIECE_BYTES === 0) await writes[pieceAt(at)];
    },
    async settle() {
      handOver();
      await Promise.all(writes);
    },
    async close() {
      await Promise.allSettled(writes);
      closeSync(direct);
    },
  };
}
