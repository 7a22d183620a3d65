// SPDX-License-Identifier: Apache-2.0
/**
 * The WebAssembly module that finds where one of many three-byte beginnings may stand, sixteen bytes at a time: the
 * "Teddy" method of Intel's Hyperscan. Each of the three bytes is looked up by its low and its high half in two tables
 * of sixteen, whose bits are the groups that have such a byte in that place; what is left of all six and-ed is a
 * candidate. Encoded by hand after the WebAssembly 2.0 binary format (clause 5), where the instructions' numbers are
 * from.
 */

/** The address of the six tables: low and high half for the first byte, then the second, then the third. */
export const TABLES_AT = 0;
/** The number of bytes behind the end that are looked at: they have to be there, and do not count. */
export const SLACK_BYTES = 32;

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, value];
const simd = (code: number, ...operands: number[]) => [0xfd, code, ...operands];
const load = (offset: number) => simd(0x00, 0, offset);
const vector = (byte: number) => simd(0x0c, ...new Array<number>(16).fill(byte));
const AND = simd(0x4e);
const SWIZZLE = simd(0x0e);
const END = 0x0b;
const RETURN = 0x0f;

/** The locals: the place, the end, the six tables, sixteen bytes, and what of them is left. */
const [PLACE, STOP, TABLE, BYTES, LEFT] = [0, 1, 2, 8, 9];

/** Encodes finding the groups that the byte at `offset` behind each place allows. */
const groupsAt = (offset: number) => [
  ...get(TABLE + 2 * offset),
  ...get(PLACE),
  ...load(offset),
  ...tee(BYTES),
  ...vector(0x0f),
  ...AND,
  ...SWIZZLE,
  ...get(TABLE + 2 * offset + 1),
  ...get(BYTES),
  ...constant(4),
  ...simd(0x6d), // i8x16.shr_u
  ...SWIZZLE,
  ...AND,
];

const CODE = [
  ...[1, 8, V128], // eight more locals
  ...[0, 1, 2, 3, 4, 5].flatMap((table) => [
    ...constant(TABLES_AT),
    ...load(16 * table),
    ...set(TABLE + table),
  ]),
  ...[0x03, VOID], // loop
  ...[...get(PLACE), ...get(STOP), 0x4f, 0x04, VOID, ...get(STOP), RETURN, END], // at the end: none
  ...[...groupsAt(0), ...groupsAt(1), ...AND, ...groupsAt(2), ...AND, ...tee(LEFT)],
  ...[...simd(0x53), 0x04, VOID], // if any bit is left
  // The first byte that is not zero: i8x16.ne, bitmask, ctz.
  ...[...get(PLACE), ...get(LEFT), ...vector(0), ...simd(0x24), ...simd(0x64), 0x68, 0x6a, RETURN, END],
  ...[...get(PLACE), ...constant(16), 0x6a, ...set(PLACE), 0x0c, 0, END], // sixteen on, and again
  ...[0x00, END],
];

/** Encodes a number as LEB128. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...leb(content.length), ...content];
}

const NAME_M = [1, 0x6d];
const NAME_F = [1, 0x66];

/**
 * The module: `m.m` is its memory; `f(place, end)` gives the first candidate from `place` on, or something not before
 * `end`.
 */
export const FINDER_MODULE = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...section(1, [1, 0x60, 2, I32, I32, 1, I32]),
  ...section(2, [1, ...NAME_M, ...NAME_M, 0x02, 0x00, 1]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...NAME_F, 0x00, 0]),
  ...section(10, [1, ...leb(CODE.length), ...CODE]),
]);
