// SPDX-License-Identifier: Apache-2.0
/** The single changes that mutation is made of. */
import type { Random } from './random.js';
import type { ReadRange } from './source.js';

/** What a change may draw from. */
export interface Material {
  readonly random: Random;
  /** Where the reader looked; empty for one that reads all. */
  readonly ranges: readonly ReadRange[];
  /** Another input, to take pieces of. */
  readonly other: Uint8Array;
  readonly words: readonly Uint8Array[];
  readonly maxBytes: number;
}

/** A change of one input, which is not touched itself where its length changes. */
export type Edit = (bytes: Buffer, material: Material) => Buffer;

/** Chooses a place, mostly among those that were read. */
export function placeIn(bytes: Buffer, { random, ranges }: Material): number {
  if (ranges.length > 0 && random.below(8) > 0) {
    const { offset, length } = random.pick(ranges);
    const at = offset + random.below(Math.max(1, Math.min(length, random.pick([16, 512, length]))));
    if (at < bytes.length) return at;
  }
  return random.below(Math.max(1, bytes.length));
}

const NUMBERS = [
  0,
  1,
  2,
  7,
  8,
  127,
  128,
  255,
  256,
  511,
  512,
  2048,
  4096,
  32_767,
  65_535,
  65_536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];
const EDGES = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 53n - 1n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n];

const lengthOf = (random: Random) => 1 + random.below(random.pick([4, 16, 128, 2048]));

const replace = (bytes: Buffer, at: number, cut: number, put: Uint8Array, { maxBytes }: Material) =>
  bytes.length - cut + put.length > maxBytes
    ? bytes
    : Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);

const flip: Edit = (bytes, material) => {
  const at = placeIn(bytes, material);
  if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << material.random.below(8));
  return bytes;
};

const setByte: Edit = (bytes, material) => {
  const at = placeIn(bytes, material);
  if (at < bytes.length) bytes[at] = material.random.below(256);
  return bytes;
};

/** Sets or moves a number of one, two, four or eight bytes, in either order of bytes. */
const setNumber: Edit = (bytes, material) => {
  const { random } = material;
  const width = random.pick([1, 2, 4, 8]);
  const place = placeIn(bytes, material);
  const at = random.below(2) === 0 ? place : place - (place % width);
  if (at + width > bytes.length) return bytes;
  const field = bytes.subarray(at, at + width);
  const isLittle = random.below(2) === 0;
  if (isLittle) field.reverse();
  const found = BigInt(`0x${field.toString('hex')}`);
  const value = random.pick([
    () => found + BigInt(random.below(33) - 16),
    () => found << BigInt(random.below(8)),
    () => BigInt(random.pick(NUMBERS)),
    () => random.pick(EDGES),
    () => BigInt(bytes.length + random.below(5) - 2),
  ])();
  field.write(
    BigInt.asUintN(8 * width, value)
      .toString(16)
      .padStart(2 * width, '0'),
    'hex',
  );
  if (isLittle) field.reverse();
  return bytes;
};

const insertSome: Edit = (bytes, material) => {
  const { random } = material;
  const fill = random.below(3) === 0 ? random.below(256) : 0;
  return replace(bytes, placeIn(bytes, material), 0, Buffer.alloc(lengthOf(random), fill), material);
};

const cutSome: Edit = (bytes, material) =>
  replace(bytes, placeIn(bytes, material), lengthOf(material.random), Buffer.alloc(0), material);

const cutEnd: Edit = (bytes, material) => bytes.subarray(0, placeIn(bytes, material));

/** Copies a piece, of this input or of another, over what stands elsewhere, or in front of it. */
const copyPiece: Edit = (bytes, material) => {
  const { random, other } = material;
  const from = random.below(2) === 0 ? bytes : other;
  const start = random.below(Math.max(1, from.length));
  const piece = Buffer.from(from.subarray(start, start + lengthOf(random)));
  const isInserted = random.below(2) === 0;
  return replace(bytes, placeIn(bytes, material), isInserted ? 0 : piece.length, piece, material);
};

/** Writes one piece many times behind itself: what is nested or listed without end. */
const repeat: Edit = (bytes, material) => {
  const { random, maxBytes } = material;
  const at = placeIn(bytes, material);
  const piece = bytes.subarray(at, at + 1 + random.below(random.pick([2, 8, 64])));
  if (piece.length === 0) return bytes;
  const times = 1 + random.below(random.pick([4, 64, 4096]));
  const most = Math.floor((maxBytes - bytes.length) / piece.length);
  return replace(
    bytes,
    at,
    0,
    Buffer.alloc(piece.length * Math.max(0, Math.min(times, most)), piece),
    material,
  );
};

const useWord: Edit = (bytes, material) => {
  const { random, words } = material;
  if (words.length === 0) return bytes;
  const word = random.pick(words);
  return replace(bytes, placeIn(bytes, material), random.below(2) === 0 ? 0 : word.length, word, material);
};

/** Puts another number in the place of one that is written in digits. */
const setDigits: Edit = (bytes, material) => {
  const { random } = material;
  const start = bytes.subarray(placeIn(bytes, material)).findIndex((byte) => byte >= 0x30 && byte <= 0x39);
  if (start < 0) return bytes;
  const at = bytes.length - bytes.subarray(start).length;
  let end = at;
  while (end < bytes.length && (bytes[end] as number) >= 0x30 && (bytes[end] as number) <= 0x39) end++;
  const value = random.pick([
    '0',
    '-1',
    '00',
    '1',
    '1e9',
    '0x1',
    '9007199254740993',
    '18446744073709551616',
    '9'.repeat(400),
  ]);
  return replace(bytes, at, end - at, Buffer.from(value), material);
};

/** As long as readers take, and longer than what runs out of stack or takes a step for each pair of bytes. */
const LARGE = [1 << 16, 1 << 20, 1 << 23];

/** Writes a word, or a piece of the input, behind itself until that is as large as files get. */
export function blowUp(bytes: Buffer, material: Material): Buffer {
  const { random, words } = material;
  const at = placeIn(bytes, material);
  const own = bytes.subarray(at, at + 1 + random.below(random.pick([1, 2, 16])));
  const piece = words.length > 0 && random.below(2) === 0 ? random.pick(words) : own;
  if (piece.length === 0) return bytes;
  return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(random.pick(LARGE), piece), bytes.subarray(at)]);
}

/** Every change, those that are wanted more often several times. */
export const EDITS: readonly Edit[] = [
  flip,
  setByte,
  setNumber,
  setNumber,
  setNumber,
  insertSome,
  cutSome,
  cutEnd,
  copyPiece,
  repeat,
  useWord,
  useWord,
  setDigits,
];
