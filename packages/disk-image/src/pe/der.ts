// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** Tags of DER (ITU-T X.690) that signatures are made of. */
export const DER = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  explicit0: 0xa0,
  explicit1: 0xa1,
} as const;

/** Refuses what is no DER. @throws ImageError `corrupt` */
function refuse(reason: string): never {
  throw new ImageError('corrupt', `signature: ${reason}`);
}

/** Reads values of DER one after the other, in the one encoding that DER has for a length. */
export class DerReader {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Says whether all was read. */
  get ended(): boolean {
    return this.#at === this.bytes.length;
  }

  /** The tag of the next value; undefined at the end. */
  get tag(): number | undefined {
    return this.bytes[this.#at];
  }

  /** Reads the content of the next value, which has to be of this tag. @throws ImageError `corrupt` */
  value(tag: number, what: string): Uint8Array {
    if (this.tag !== tag) refuse(`${what} is missing, found ${this.tag ?? 'the end'}`);
    const size = this.#size(what);
    const end = this.#at + size;
    if (end > this.bytes.length) refuse(`${what} passes the end of what holds it`);
    const value = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  /** Reads the next value as a holder of others. @throws ImageError `corrupt` */
  enter(tag: number, what: string): DerReader {
    return new DerReader(this.value(tag, what));
  }

  /** Refuses anything left over. @throws ImageError `corrupt` */
  end(what: string): void {
    if (!this.ended) refuse(`${this.bytes.length - this.#at} bytes are left over in ${what}`);
  }

  /** Reads past tag and length. */
  #size(what: string): number {
    const first = this.bytes[this.#at + 1];
    if (first === undefined) refuse(`${what} has no length`);
    this.#at += 2;
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4 || this.#at + count > this.bytes.length)
      refuse(`${what} has no sound length`);
    let size = 0;
    for (let index = 0; index < count; index++) size = size * 256 + (this.bytes[this.#at + index] ?? 0);
    this.#at += count;
    if (size < 0x80 || size < 256 ** (count - 1)) refuse(`${what} has a length in too many bytes`);
    return size;
  }
}
