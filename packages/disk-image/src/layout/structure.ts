// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { bytesOf, joinBytes, textOf } from './bytes.js';

/** The bytes of a structure with little-endian numbers in it: what Node's Buffer would do, where there is none. */
export class Structure extends Uint8Array {
  /** Looks at bytes that are there already, without a copy. */
  static over({ buffer, byteOffset, length }: Uint8Array): Structure {
    return new Structure(buffer as ArrayBuffer, byteOffset, length);
  }

  /** Puts parts one behind the other. */
  static join(parts: readonly Uint8Array[]): Structure {
    return Structure.over(joinBytes(...parts));
  }

  /** Returns a part of it, over the same memory. */
  override subarray(begin?: number, end?: number): Structure {
    return super.subarray(begin, end) as Structure;
  }

  /** Reads an unsigned number of `length` bytes. @throws ImageError `truncated` behind the end */
  #read(at: number, length: number): number {
    if (at + length > this.length) {
      throw new ImageError(
        'truncated',
        `a structure of ${this.length} bytes ends before byte ${at + length}`,
      );
    }
    let value = 0;
    for (let index = length - 1; index >= 0; index--) value = value * 0x100 + (this[at + index] ?? 0);
    return value;
  }

  u8(at: number): number {
    return this.#read(at, 1);
  }

  u16(at: number): number {
    return this.#read(at, 2);
  }

  u32(at: number): number {
    return this.#read(at, 4);
  }

  u64(at: number): bigint {
    return BigInt(this.u32(at)) | (BigInt(this.u32(at + 4)) << 32n);
  }

  /** Writes a number of 64 bits. */
  put64(value: bigint, at: number): void {
    this.put(Number(value & 0xffff_ffffn), at, 4);
    this.put(Number(value >> 32n), at + 4, 4);
  }

  /** Writes the low bits of a number into `length` bytes. */
  put(value: number, at: number, length: number): void {
    for (let index = 0, rest = value; index < length; index++, rest = Math.floor(rest / 0x100)) {
      this[at + index] = rest % 0x100;
    }
  }

  putText(text: string, at: number): void {
    this.set(bytesOf(text), at);
  }

  /** Reads bytes as text of one character each. */
  text(begin = 0, end = this.length): string {
    return textOf(this.subarray(begin, end));
  }

  /** Returns whether other bytes are the same. */
  equals(other: Uint8Array): boolean {
    return this.length === other.length && firstDifference(this, other) === -1;
  }
}

/** Finds the first byte of `bytes` that is another one in `other`; -1 where all are the same. */
export function firstDifference(bytes: Uint8Array, other: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== other[at]) return at;
  return -1;
}
