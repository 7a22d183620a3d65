// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, read } from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf } from '@latticra/failure';
import { readFailure } from '../error.js';
import { otherLength } from '../identity.js';
import type { StableFile } from '../open.js';
import { type DirectFile, openDirect, PIECE_BYTES } from './open.js';

const readAt = promisify(read);

/**
 * Yields an open file from start to end in one pass, as the disk has it: past the page cache, some pieces ahead. A chunk is valid until the
 * next is asked for. Ends with the check that the file is exactly as long as it was when opened.
 * @returns undefined where the file is small, or this system has nothing of the kind for it
 * @param worth see `openDirect` @internal
 */
export function directChunksOf(file: StableFile, worth?: number): AsyncGenerator<Uint8Array> | undefined {
  const direct = openDirect(file.fd, constants.O_RDONLY, file.size, worth);
  return direct === undefined ? undefined : chunksBy(direct, file);
}

async function* chunksBy({ direct, ring }: DirectFile, file: StableFile): AsyncGenerator<Uint8Array> {
  const { fd, path, size } = file;
  const rooms = Array.from({ length: ring.length / PIECE_BYTES }, (_, index) =>
    ring.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
  );
  /** Reads a piece; where the disk gives less than there is of it, or nothing so, the rest by way of the cache. */
  const readPiece = async (room: Uint8Array, place: number): Promise<number> => {
    let done = await readAt(direct, room, 0, room.length, place).then(
      ({ bytesRead }) => bytesRead,
      (error: unknown) => {
        // A disk or file system that asks for more than a block.
        if (errnoOf(error) === 'EINVAL') return 0;
        throw error;
      },
    );
    const wanted = Math.min(room.length, size - place);
    while (done < wanted) {
      const { bytesRead } = await readAt(fd, room, done, wanted - done, place + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  };
  const ahead: { readonly room: Uint8Array; readonly reading: Promise<number> }[] = [];
  let asked = 0;
  const ask = (room: Uint8Array | undefined) => {
    if (room === undefined || asked >= size) return;
    const reading = readPiece(room, asked);
    // It is awaited in its turn; until then its failure must not count as unhandled.
    reading.catch(() => undefined);
    ahead.push({ room, reading });
    asked += PIECE_BYTES;
  };
  let at = 0;
  try {
    for (const room of rooms) ask(room);
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const length = await next.reading;
      const wanted = Math.min(PIECE_BYTES, size - at);
      at += length;
      if (length !== wanted) break;
      yield next.room.subarray(0, length);
      ask(next.room);
    }
    // Where it ends with a piece, only a byte behind that shows that it has grown.
    if (at === size) at += (await readAt(fd, Buffer.alloc(1), 0, 1, size)).bytesRead;
  } catch (error) {
    throw errnoOf(error) === '' ? error : readFailure(path, error);
  } finally {
    await Promise.allSettled(ahead.map(({ reading }) => reading));
    closeSync(direct);
  }
  if (at !== size) throw otherLength(file, at);
}
