// SPDX-License-Identifier: Apache-2.0
import { SLOT } from './format.js';

/** Slots of one page: a MiB of a file system. */
const PAGE_SLOTS = 1 << 15;

/** Which slots of 32 bytes belong to somebody: a bit for each, where there are any. */
export class Claims {
  readonly #pages = new Map<number, Uint8Array>();

  /** Takes a range of bytes for somebody. Returns whether all of it was free; what was free is taken in any case. */
  take(from: number, to: number): boolean {
    let free = true;
    for (let slot = Math.floor(from / SLOT); slot * SLOT < to; slot++) {
      const page = this.#page(Math.floor(slot / PAGE_SLOTS));
      const bit = slot % PAGE_SLOTS;
      const mask = 1 << (bit & 7);
      if ((page[bit >> 3] ?? 0) & mask) free = false;
      page[bit >> 3] = (page[bit >> 3] ?? 0) | mask;
    }
    return free;
  }

  #page(index: number): Uint8Array {
    const found = this.#pages.get(index) ?? new Uint8Array(PAGE_SLOTS / 8);
    this.#pages.set(index, found);
    return found;
  }
}
