// SPDX-License-Identifier: Apache-2.0
import { BLOCK } from './format.js';

const CAPACITY = 1 << 20;
const ZEROS = new Uint8Array(CAPACITY);

/** Gathers what is written into pieces of whole blocks. */
export class BlockOutput {
  readonly #sink: (bytes: Uint8Array) => void;
  readonly #room: () => Uint8Array;
  #buffer: Uint8Array | undefined;
  #used = 0;

  /**
   * @param sink takes whole blocks in order, a room of them at a time, which are good until it returns
   * @param room returns what is filled next, whole blocks; what it returned before was given to the sink by then
   */
  constructor(sink: (bytes: Uint8Array) => void, room = ownRoom()) {
    this.#sink = sink;
    this.#room = room;
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      this.#buffer ??= this.#room();
      const left = this.#buffer.length - this.#used;
      const part = at === 0 && bytes.length <= left ? bytes : bytes.subarray(at, at + left);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === this.#buffer.length) this.flush();
    }
  }

  zeros(length: number): void {
    for (let left = length; left > 0; left -= CAPACITY)
      this.write(ZEROS.subarray(0, Math.min(left, CAPACITY)));
  }

  /** Fills the block that was begun with zeros. */
  pad(): void {
    const begun = this.#used % BLOCK;
    if (begun > 0) this.zeros(BLOCK - begun);
  }

  /** Gives away what was gathered, which has to be whole blocks. */
  flush(): void {
    if (this.#used > 0) this.#sink(this.#buffer?.subarray(0, this.#used) ?? ZEROS.subarray(0, 0));
    this.#used = 0;
    this.#buffer = undefined;
  }
}

/** Makes one room that is filled again and again. */
function ownRoom(): () => Uint8Array {
  const room = new Uint8Array(CAPACITY);
  return () => room;
}
