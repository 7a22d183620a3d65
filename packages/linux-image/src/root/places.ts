// SPDX-License-Identifier: Apache-2.0
import type { ContentPlaces, SparseRun, TarMember } from '@latticra/tar';

/** The content of a sparse file as an archive has it. */
interface SparseContent {
  /** Bytes. */
  readonly stored: number;
  readonly runs: readonly SparseRun[];
}

/** Where the contents of the files of a root stand in its archive, eight bytes for each; they are called by their number. */
export class FilePlaces {
  #starts = new Float64Array(1024);
  #count = 0;
  /** Those that are not stored as a whole; there are few. */
  readonly #sparse = new Map<number, SparseContent>();

  get count(): number {
    return this.#count;
  }

  /** Notes the next file. */
  add({ places, storedSize, sparse }: Pick<TarMember, 'places' | 'storedSize' | 'sparse'>): void {
    if (this.#count === this.#starts.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#count] = places.content;
    if (sparse !== undefined) this.#sparse.set(this.#count, { stored: storedSize, runs: sparse });
    this.#count++;
  }

  /** Returns where stored bytes of a file belong in it: undefined where all of it is stored. */
  runsOf(number: number): readonly SparseRun[] | undefined {
    return this.#sparse.get(number)?.runs;
  }

  /** Returns these places for a replay. @param sizeOf returns the size of a file as it is unpacked */
  inArchive(sizeOf: (number: number) => number): ContentPlaces {
    return {
      count: this.#count,
      startOf: (number) => this.#starts[number] ?? 0,
      lengthOf: (number) => this.#sparse.get(number)?.stored ?? sizeOf(number),
    };
  }
}
