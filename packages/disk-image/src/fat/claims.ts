// SPDX-License-Identifier: Apache-2.0

const PAGE_BYTES = 4096;
const PAGE_BITS = PAGE_BYTES * 8;

/** A set of cluster numbers: a bit each, in pages that exist only where something was claimed. */
export class Claims {
  readonly #pages = new Map<number, Uint8Array>();

  has(cluster: number): boolean {
    const page = this.#pages.get(Math.floor(cluster / PAGE_BITS));
    const bit = cluster % PAGE_BITS;
    return page !== undefined && ((page[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  /** Adds a cluster; false when it was there already. */
  claim(cluster: number): boolean {
    if (this.has(cluster)) return false;
    const key = Math.floor(cluster / PAGE_BITS);
    const page = this.#pages.get(key) ?? new Uint8Array(PAGE_BYTES);
    this.#pages.set(key, page);
    const bit = cluster % PAGE_BITS;
    page[bit >> 3] = (page[bit >> 3] ?? 0) | (1 << (bit & 7));
    return true;
  }
}
