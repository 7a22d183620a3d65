// SPDX-License-Identifier: Apache-2.0

type Words = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/**
 * One number for each of many things, in one array that is doubled when it runs out: a million of them take what
 * their bytes take. What was never set is 0.
 */
export class Column {
  #words: Words;

  constructor(words: Words) {
    this.#words = words;
  }

  get(index: number): number {
    return this.#words[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.#words.length) this.#grow(index);
    this.#words[index] = value;
  }

  #grow(index: number): void {
    const length = Math.max(2 * this.#words.length, index + 1);
    const larger = new (this.#words.constructor as new (length: number) => Words)(length);
    larger.set(this.#words);
    this.#words = larger;
  }
}

const INITIAL = 256;

/** Makes a column of whole numbers of up to 8 bits. */
export const bytes = () => new Column(new Uint8Array(INITIAL));
/** Makes a column of whole numbers of up to 16 bits. */
export const halfwords = () => new Column(new Uint16Array(INITIAL));
/** Makes a column of whole numbers of up to 32 bits. */
export const words = () => new Column(new Uint32Array(INITIAL));
/** Makes a column of numbers that 32 bits do not hold. */
export const numbers = () => new Column(new Float64Array(INITIAL));
