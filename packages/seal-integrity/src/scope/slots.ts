// SPDX-License-Identifier: Apache-2.0
/** As much as goes from one thread to the other at a time: what a message costs is nothing beside it. */
const SLOT_BYTES = 1 << 20;

/** Enough for neither thread to wait for the other's next step. */
const SLOTS = 4;

/** Behind it the slots begin; in it is counted how many chunks have been drained. */
const HEAD_BYTES = 64;

/**
 * Memory of two threads, through which one of them shows the other the chunks of a file: it fills the slots in turn, and
 * says how long each chunk is. A slot is filled again when its last chunk has been drained.
 */
export type Slots = SharedArrayBuffer;

export function createSlots(): Slots {
  return new SharedArrayBuffer(HEAD_BYTES + SLOTS * SLOT_BYTES);
}

/** For the thread that reads: gives the slot for each chunk of a file, once it is free; the thread waits until then. */
export function slotsToFill(slots: Slots): () => Uint8Array {
  const drained = new Int32Array(slots, 0, 1);
  let filled = 0;
  return () => {
    const last = Atomics.load(drained, 0);
    if (filled - last === SLOTS) Atomics.wait(drained, 0, last);
    filled += 1;
    return slotOf(slots, filled - 1);
  };
}

/**
 * For the thread that looks on, before the other one begins with a file: shows the chunk in each slot, by its length,
 * and leaves the slot to be filled again.
 */
export function slotsToDrain(slots: Slots): (length: number, see: (chunk: Uint8Array) => void) => void {
  const drained = new Int32Array(slots, 0, 1);
  Atomics.store(drained, 0, 0);
  let seen = 0;
  return (length, see) => {
    see(slotOf(slots, seen).subarray(0, length));
    seen += 1;
    Atomics.store(drained, 0, seen);
    Atomics.notify(drained, 0);
  };
}

function slotOf(slots: Slots, chunk: number): Uint8Array {
  return new Uint8Array(slots, HEAD_BYTES + (chunk % SLOTS) * SLOT_BYTES, SLOT_BYTES);
}
