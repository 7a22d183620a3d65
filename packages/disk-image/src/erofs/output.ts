// SPDX-License-Identifier: Apache-2.0
import { BLOCK } from './format.js';

const CAPACITY = 1 << 20;
const ZEROS = new Uint8Array(CAPACITY);

/** Gathers what is written into pieces of whole blocks. */
export class BlockOutput {
  readonly #sink: (bytes: Uint8Array) => void;
  readonly #buffer = new Uint8Array(CAPACITY);
  #used = 0;

  /** @param sink takes whole blocks in order, at most 1 MiB at a time, which are good until it returns */
  constructor(sink: (bytes: Uint8Array) => void) {
    this.#sink = sink;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === 0 && bytes.length - at >= CAPACITY) {
        this.#sink(bytes.subarray(at, at + CAPACITY));
        at += CAPACITY;
        continue;
      }
      const part = bytes.subarray(at, at + CAPACITY - this.#used);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === CAPACITY) this.flush();
    }
  }

  zeros(length: number): void {
    for (let left = length; left > 0; left -= CAPACITY)
      this.write(ZEROS.subarray(0, Math.min(left, CAPACITY)));
  }

  /** Fills the block that was begun with zeros. */
  pad(): void {
    this.zeros((BLOCK - (this.#used % BLOCK)) % BLOCK);
  }

  /** Gives away what was gathered, which has to be whole blocks. */
  flush(): void {
    if (this.#used > 0) this.#sink(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}
