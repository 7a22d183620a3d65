// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { pageMemory } from '../page-memory.js';
import { createBlockDigests } from './blocks.js';
import type { Digests, Room } from './digests.js';
import { BLOCK_BYTES, DIGEST_BYTES, PIECE_BYTES } from './queue.js';

/** Makes digests on this thread, while it is given the bytes. */
export function digestHere(): Digests {
  const here: Digests = {
    rooms: [createRoom(), createRoom()],
    stream() {
      const hash = createHash('sha256');
      return {
        add(bytes) {
          hash.update(bytes);
        },
        end: () => hash.digest('hex'),
      };
    },
    // This thread has other things to do: it reads the file when it needs what is in it.
    file: () => ({ ...here.stream(), reached: () => 0 }),
    blocks(salt, take) {
      const digest = createBlockDigests(salt);
      return {
        add(blocks) {
          const digests = new Uint8Array((blocks.length / BLOCK_BYTES) * DIGEST_BYTES);
          digest(blocks, digests);
          take(digests);
        },
        end: () => undefined,
      };
    },
  };
  return here;
}

function createRoom(): Room {
  let room: Uint8Array | undefined;
  return () => {
    room ??= pageMemory(PIECE_BYTES);
    return room;
  };
}
