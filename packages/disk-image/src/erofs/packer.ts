// SPDX-License-Identifier: Apache-2.0
import { BLOCK, roundUp, SLOT } from './format.js';

/** A block that is being filled with inodes, and what whoever fills it keeps with it. */
interface OpenBlock<Load> {
  used: number;
  readonly load: Load;
}

/** How many blocks are open at a time: more waste less and hold more memory; from eight on it hardly matters. */
const OPEN = 8;

/**
 * Puts inodes with the ends of their files into blocks, each where the least room is left over. The same lengths give
 * the same places: what is planned with it is written with it.
 */
export class BlockPacker<Load> {
  readonly #open: OpenBlock<Load>[] = [];
  readonly #begin: () => Load;
  readonly #close: (load: Load) => void;

  /**
   * @param begin makes what is kept with a new block
   * @param close takes a block that gets nothing more, which is given its place by that
   */
  constructor(begin: () => Load, close: (load: Load) => void) {
    this.#begin = begin;
    this.#close = close;
  }

  /**
   * Finds room for `length` bytes, at most a block.
   * @param fill puts them there
   */
  place(length: number, fill: (load: Load, offset: number) => void): void {
    const taken = roundUp(length, SLOT);
    let best: OpenBlock<Load> | undefined;
    for (const block of this.#open) {
      if (block.used + taken <= BLOCK && (best === undefined || block.used > best.used)) best = block;
    }
    best ??= this.#another();
    fill(best.load, best.used);
    best.used += taken;
    if (best.used > BLOCK - 2 * SLOT) {
      this.#open.splice(this.#open.indexOf(best), 1);
      this.#close(best.load);
    }
  }

  /** Closes all blocks, in the order in which they were begun. */
  flush(): void {
    for (const { load } of this.#open.splice(0)) this.#close(load);
  }

  #another(): OpenBlock<Load> {
    if (this.#open.length === OPEN) {
      let fullest = 0;
      this.#open.forEach(({ used }, index) => {
        if (used > (this.#open[fullest]?.used ?? 0)) fullest = index;
      });
      for (const { load } of this.#open.splice(fullest, 1)) this.#close(load);
    }
    const block = { used: 0, load: this.#begin() };
    this.#open.push(block);
    return block;
  }
}
