// SPDX-License-Identifier: Apache-2.0
import { constants, openSync } from 'node:fs';
import { pageMemory } from '../page-memory.js';

/** What is read or written at once, and how many of these: the disk works on the others while one is summed. */
export const PIECE_BYTES = 1 << 20;
const PIECES = 4;

/** What places, lengths and memory are multiples of: as much as any disk asks for. */
export const BLOCK_BYTES = 4096;

/** From here on the memory takes less time than it saves. */
const WORTH_BYTES = 32 << 20;

/** A file opened once more, past the page cache. */
export interface DirectFile {
  /** The descriptor, which whoever opened it closes. */
  readonly direct: number;
  /** The memory for what is read and written, some pieces that are used in turn. */
  readonly ring: Uint8Array;
}

/**
 * Opens an open file once more, past the page cache: the system then copies nothing, and has to find no memory for it. Returns undefined
 * where the file is small, or this system or its file system has nothing of the kind.
 * @param access `O_RDONLY` or `O_WRONLY`
 * @param size of what is read or written
 * @param worth the least size, unless a test says otherwise @internal
 */
export function openDirect(
  fd: number,
  access: number,
  size: number,
  worth = WORTH_BYTES,
): DirectFile | undefined {
  if (process.platform !== 'linux' || size < worth) return undefined;
  const ring = pageMemory(PIECES * PIECE_BYTES);
  try {
    return { direct: openSync(`/proc/self/fd/${fd}`, access | constants.O_DIRECT), ring };
  } catch {
    // It is done by way of the cache then, by the descriptor that there is.
    return undefined;
  }
}
