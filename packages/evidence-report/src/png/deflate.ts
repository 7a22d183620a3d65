// SPDX-License-Identifier: Apache-2.0

/** Writes bits, the lowest first, as deflate has them (RFC 1951, 3.1.1). */
class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  write(value: number, bits: number): void {
    for (let bit = 0; bit < bits; bit++) {
      this.#held |= ((value >> bit) & 1) << this.#count++;
      if (this.#count < 8) continue;
      this.#bytes.push(this.#held);
      this.#held = this.#count = 0;
    }
  }

  /** Writes a Huffman code, whose highest bit comes first. */
  code(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) this.write((value >> bit) & 1, 1);
  }

  finish(): number[] {
    if (this.#count > 0) this.#bytes.push(this.#held);
    return this.#bytes;
  }
}

/** The shortest length of each code from 257 on, and the shortest distance of each code from 0 on (3.2.5). */
const LENGTHS = ladder(3, [8, 4, 4, 4, 4, 4]).concat(258);
const DISTANCES = ladder(1, [4, ...Array<number>(13).fill(2)]);

/** Returns the first value of each code: so many codes with no further bits, so many with one, and so on. */
function ladder(first: number, codesByBits: readonly number[]): number[] {
  const firsts: number[] = [];
  let next = first;
  codesByBits.forEach((codes, bits) => {
    for (let code = 0; code < codes; code++, next += 2 ** bits) firsts.push(next);
  });
  return firsts;
}

/** The number of places that are looked at for a repetition: near ones, the row above, and the last of the same beginning. */
const LONGEST = 258;
const WINDOW = 32768;

/**
 * Compresses bytes as a zlib stream (RFC 1950) of one block with fixed codes. Not zlib itself: that makes other bytes with another
 * version of Node, and a page has to be the same on every machine.
 * @param row the length of a row: what lies one above is looked at for a repetition
 */
export function deflateFixed(bytes: Uint8Array, row: number): Buffer {
  const bits = new BitWriter();
  bits.write(0b011, 3);
  const last = new Map<number, number>();
  for (let at = 0; at < bytes.length; ) {
    const key = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    const { length, distance } = longestOf(bytes, at, [1, 3, row, at - (last.get(key) ?? -WINDOW)]);
    last.set(key, at);
    if (length < 3) literal(bits, bytes[at++] ?? 0);
    else {
      repetition(bits, length, distance);
      at += length;
    }
  }
  bits.code(0, 7);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(adler32(bytes));
  return Buffer.concat([Buffer.from([0x78, 0x01]), Buffer.from(bits.finish()), sum]);
}

function longestOf(bytes: Uint8Array, at: number, distances: readonly number[]) {
  let best = { length: 0, distance: 0 };
  for (const distance of distances) {
    if (distance > at || distance < 1 || distance > WINDOW) continue;
    let length = 0;
    const most = Math.min(LONGEST, bytes.length - at);
    while (length < most && bytes[at + length] === bytes[at + length - distance]) length++;
    if (length > best.length) best = { length, distance };
  }
  return best;
}

/** Writes a literal or length by the fixed codes (3.2.6). */
function literal(bits: BitWriter, symbol: number): void {
  if (symbol < 144) bits.code(0x30 + symbol, 8);
  else if (symbol < 256) bits.code(0x190 + symbol - 144, 9);
  else if (symbol < 280) bits.code(symbol - 256, 7);
  else bits.code(0xc0 + symbol - 280, 8);
}

function repetition(bits: BitWriter, length: number, distance: number): void {
  const lengthCode = LENGTHS.findLastIndex((first) => first <= length);
  literal(bits, 257 + lengthCode);
  const lengthBits = lengthCode < 8 || lengthCode === 28 ? 0 : (lengthCode - 4) >> 2;
  bits.write(length - (LENGTHS[lengthCode] ?? 0), lengthBits);
  const distanceCode = DISTANCES.findLastIndex((first) => first <= distance);
  bits.code(distanceCode, 5);
  bits.write(distance - (DISTANCES[distanceCode] ?? 0), distanceCode < 4 ? 0 : (distanceCode - 2) >> 1);
}

function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return ((high << 16) | low) >>> 0;
}
