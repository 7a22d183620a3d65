// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Helper } from './helper.js';

/** A digest of a file that comes in chunks. */
export interface Sum {
  /** Returns the buffer that the next chunk is to be read into. */
  room(): Uint8Array;
  /** Adds the chunk that was read there. */
  add(chunk: Uint8Array): void;
  /** Waits until there is room for another chunk. Signals and timers get their turn by then. */
  ready(): Promise<void>;
  /** Returns the digest in hex. */
  digest(): Promise<string>;
}

/** Makes a digest on this thread. */
export function sumHere(room: Uint8Array): Sum {
  const sum = createHash('sha256');
  return {
    room: () => room,
    add: (chunk) => {
      sum.update(chunk);
    },
    ready: () => setImmediate(),
    digest: async () => sum.digest('hex'),
  };
}

/** The bytes that go to the other thread at a time: what a message costs is nothing beside it. */
const SLOT_BYTES = 1 << 20;

/** The number of slots: enough for neither thread to wait for the other's next step. */
const SLOTS = 4;

/** Makes a digest on another thread, of shared memory, while this one searches the same chunk and reads on. */
export function sumThere(helper: Helper): Sum {
  const memory = new SharedArrayBuffer(SLOTS * SLOT_BYTES);
  const underWay: Promise<number>[] = [];
  const start = (step: Promise<number>) => {
    // Whoever waits for it is told why it failed; nobody may come to that.
    step.catch(() => undefined);
    underWay.push(step);
  };
  let slot = 0;
  start(helper.begin());
  return {
    room() {
      slot = (slot + 1) % SLOTS;
      return new Uint8Array(memory, slot * SLOT_BYTES, SLOT_BYTES);
    },
    add: (chunk) => start(helper.add(chunk)),
    async ready() {
      while (underWay.length >= SLOTS) await underWay.shift();
    },
    async digest() {
      await Promise.all(underWay);
      return helper.digest();
    },
  };
}
