// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import type { Structure } from '../layout/structure.js';
import { LAST_PIECE } from './format-entry.js';
import { MAX_NAME_UNITS, nameFault, UNIT_OFFSETS, UNITS_PER_ENTRY } from './long-name.js';

const MAX_PIECES = Math.ceil(MAX_NAME_UNITS / UNITS_PER_ENTRY);

/** Puts a long name together from its entries, which come last piece first. */
export class LongNameReader {
  readonly #folder: string;
  #text = '';
  #checksum = 0;
  /** Number of the piece that was read last; 0 while none is open. */
  #number = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #corrupt(message: string): ImageError {
    return new ImageError('corrupt', `${this.#folder}: ${message}`);
  }

  /** Takes the next long-name entry. */
  add(entry: Structure): void {
    const first = entry.u8(0);
    const number = first & ~LAST_PIECE;
    const isLast = (first & LAST_PIECE) !== 0;
    const checksum = entry.u8(13);
    const continues = isLast
      ? this.#number === 0
      : number === this.#number - 1 && checksum === this.#checksum;
    if (!continues || number < 1 || number > MAX_PIECES || entry[12] !== 0 || entry.u16(26) !== 0) {
      throw this.#corrupt(`a long name has piece ${number} where it does not belong`);
    }
    const units = String.fromCharCode(...UNIT_OFFSETS.map((offset) => entry.u16(offset)));
    // Only the last piece may end early: a NUL, then FFFFh to the end.
    const match = isLast ? /^([^\0]+)(?:\0\uffff*)?$/.exec(units) : /^([^\0]+)$/.exec(units);
    if (match?.[1] === undefined) throw this.#corrupt('a long name ends before its last piece');
    this.#text = match[1] + this.#text;
    this.#number = number;
    this.#checksum = checksum;
  }

  /**
   * Returns the name that belongs to the entry with this checksum, and forgets its pieces; undefined when there is none.
   * @throws ImageError `corrupt` when the pieces belong to another entry, or give a name that may not be
   */
  take(checksum: number): string | undefined {
    if (this.#number === 0) return undefined;
    if (this.#number !== 1 || this.#checksum !== checksum) {
      throw this.#corrupt(`the long name ${JSON.stringify(this.#text)} belongs to no entry`);
    }
    const name = this.#text;
    const fault = nameFault(name);
    if (fault !== undefined) throw this.#corrupt(`the long name ${JSON.stringify(name)} ${fault}`);
    this.#number = 0;
    this.#text = '';
    return name;
  }

  /** Refuses pieces that are left without an entry at the end of a folder. @throws ImageError `corrupt` */
  end(): void {
    if (this.#number !== 0)
      throw this.#corrupt(`the long name ${JSON.stringify(this.#text)} belongs to no entry`);
  }
}
