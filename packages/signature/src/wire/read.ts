// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SignatureError, type SignatureErrorCode } from '../error.js';

/** Reads what SSH puts on the wire (RFC 4251, section 5): every number is big-endian. */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #code: SignatureErrorCode;
  readonly #what: string;
  #at = 0;

  /**
   * @param code of the errors that reading throws
   * @param what the bytes are, for messages: `the public key`
   */
  constructor(bytes: Uint8Array, code: SignatureErrorCode, what: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#code = code;
    this.#what = what;
  }

  /** Makes the error that `reason` tells, which goes on from what the bytes are. */
  refusal(reason: string): SignatureError {
    return new SignatureError(this.#code, `${this.#what} ${reason}`, {
      fix: 'get it again from where it came',
    });
  }

  /** How many bytes were not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Reads as many bytes. @throws SignatureError where there are fewer */
  raw(length: number): Buffer {
    if (length > this.left) {
      throw this.refusal(`ends early: has ${this.left} bytes where ${length} are announced`);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u8(): number {
    return this.raw(1).readUInt8();
  }

  u32(): number {
    return this.raw(4).readUInt32BE();
  }

  /** Reads a string: its length and as many bytes. */
  string(): Buffer {
    return this.raw(this.u32());
  }

  /** Reads a string that has to be this one. @param name what it is, for the message */
  expect(expected: string, name: string): void {
    const found = this.string().toString('latin1');
    if (found !== expected) {
      throw this.refusal(`has another ${name}: expected ${expected}, found ${quoteText(found)}`);
    }
  }

  /**
   * Reads a whole number above zero, as its bytes without leading zeros. @param name what it is, for the message
   * @throws SignatureError also for one that is negative or longer than it has to be
   */
  mpint(name: string): Buffer {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    if (bytes.length === 0) throw this.refusal(`has 0 as ${name}`);
    if (first >= 0x80) throw this.refusal(`has a negative ${name}`);
    if (first > 0) return bytes;
    if (second < 0x80) throw this.refusal(`has leading zeros in ${name}`);
    return bytes.subarray(1);
  }

  /** Refuses bytes that were not read. */
  end(): void {
    if (this.left > 0) throw this.refusal(`goes on for ${this.left} bytes behind its end`);
  }
}
