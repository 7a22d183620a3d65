// SPDX-License-Identifier: Apache-2.0
import { type ByteString, untilNul } from './name.js';
import { asOwner, readNumber, readSeconds } from './number.js';

/** The unit of an archive, in bytes. */
export const BLOCK_BYTES = 512;

/** Returns how many bytes follow a content of `bytes` up to the next block. */
export const paddingOf = (bytes: number): number => (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;

/** What a header block says. A number is undefined where its field holds none. */
export interface TarHeader {
  readonly name: ByteString;
  readonly linkName: ByteString;
  /** One character; the NUL of old archives stays what it is. */
  readonly type: string;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly uname: ByteString;
  readonly gname: ByteString;
  /** Bytes of content behind the header. */
  readonly size: number | undefined;
  /** Seconds since 1970. */
  readonly mtime: number | undefined;
  readonly major: number | undefined;
  readonly minor: number | undefined;
  /** Whether GNU's magic is there, of which its sparse files are a part. */
  readonly isGnu: boolean;
  /** Whether the prefix of the name holds something that is none, and that some readers take for one. */
  readonly hasStrayPrefix: boolean;
}

/** Where the checksum stands; it counts as spaces in its own sum. */
const CHECKSUM = { from: 148, to: 156 } as const;
const SPACES = (CHECKSUM.to - CHECKSUM.from) * 0x20;
const PREFIX = { from: 345, to: 500 } as const;

/** A block is looked at here, as words and as a Buffer: one of its own for each of millions of members would have to be collected. */
const BLOCK = Buffer.from(new ArrayBuffer(BLOCK_BYTES));
const WORDS = new Uint32Array(BLOCK.buffer);
const BLOCK_WORDS = BLOCK_BYTES / 4;
const HALVES = 0x00ff00ff;

/** Puts the first 512 bytes of a block there; what it has less is zero. */
function lookAt(block: Uint8Array): Buffer {
  BLOCK.set(block.length > BLOCK_BYTES ? block.subarray(0, BLOCK_BYTES) : block);
  if (block.length < BLOCK_BYTES) BLOCK.fill(0, block.length);
  return BLOCK;
}

/** Returns the sum of the bytes of the words of the block that is looked at, `from` one up to another. */
function sumOf(from: number, to: number): number {
  let even = 0;
  let odd = 0;
  // Of each word the bytes in pairs: none of the sums of 128 of them reaches 16 bits.
  for (let at = from; at < to; at++) {
    const word = WORDS[at] as number;
    even += word & HALVES;
    odd += (word >>> 8) & HALVES;
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

/** Returns that of words that hold nothing in most headers: it takes less to see that than to add them up. */
function sumOfRare(from: number, to: number): number {
  let all = 0;
  for (let at = from; at < to; at++) all |= WORDS[at] as number;
  return all === 0 ? 0 : sumOf(from, to);
}

/** Returns whether a block holds nothing but zeros. */
export function isZeroBlock(block: Uint8Array): boolean {
  // A header begins with a name, so nearly all are told by their first byte.
  if (block[0] !== 0 || block.length !== BLOCK_BYTES) return false;
  lookAt(block);
  return sumOfRare(0, BLOCK_WORDS) === 0;
}

/** Returns the sum that a header's checksum has to be: of its bytes, its own field read as spaces. */
export function headerChecksum(block: Uint8Array): number {
  lookAt(block);
  return sumOf(0, CHECKSUM.from / 4) + SPACES + sumOf(CHECKSUM.to / 4, BLOCK_WORDS);
}

/** Tells whether the block's checksum is the unsigned sum of its bytes. No text passes for a header by chance. */
export function hasChecksum(block: Uint8Array): boolean {
  return readNumber(block, CHECKSUM.from, CHECKSUM.to) === headerChecksum(block);
}

/** Tells whether these first bytes of a file are the header of a tar archive of any age. */
export function isTarHeader(head: Uint8Array): boolean {
  const block = head.subarray(0, BLOCK_BYTES);
  return block.length === BLOCK_BYTES && (hasMagic(block) || hasChecksum(block));
}

function hasMagic(block: Uint8Array): boolean {
  return MAGIC.every((byte, index) => block[257 + index] === byte);
}

/** `ustar`, which a NUL or a space follows. */
const MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72];

/** Reads a header block as {@link readHeader}; undefined where its checksum is not that of its bytes. */
export function readSummedHeader(block: Uint8Array): TarHeader | undefined {
  lookAt(block);
  const shared = readShared();
  const rest = sumOfRare(REST, BLOCK_WORDS);
  // The name, the size, the type; the target of a link; and what is behind the device.
  const own = sumOf(0, 25) + sumOf(31, 34) + sumOf(39, 40) + sumOfRare(40, 64) + rest;
  const isSummed = readNumber(BLOCK, CHECKSUM.from, CHECKSUM.to) === own + SPACES + shared.sum;
  return isSummed ? readLooked(shared, rest > 0) : undefined;
}

/** Reads a header block: POSIX, GNU or v7 (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's tar.h). */
export function readHeader(bytes: Uint8Array): TarHeader {
  lookAt(bytes);
  return readLooked(readShared(), true);
}

/** The word from which on there is nothing but the prefix of a name, which few have, and what follows it. */
const REST = 87;

/** Of members that stand together, most of what a header says is the same: whose it is, and when. */
const before = {
  words: new Uint32Array(BLOCK_WORDS),
  /** The sum of the bytes of these words. */
  sum: 0,
  hasNames: false,
  /** GNU's magic goes on with spaces, and its archives keep times where POSIX has the prefix of the name. */
  isPosix: false,
  isGnu: false,
  mode: undefined as number | undefined,
  uid: undefined as number | undefined,
  gid: undefined as number | undefined,
  mtime: undefined as number | undefined,
  uname: '',
  gname: '',
  major: undefined as number | undefined,
  minor: undefined as number | undefined,
};

/** Reads those fields, or takes them from the header before where the words they lie in are the same. */
function readShared(): typeof before {
  let isSame = isAny;
  // From the mode to the group, the time, and from the magic to the device; what else lies in these words is compared with them.
  for (let at = 25; isSame && at < 31; at++) isSame = WORDS[at] === before.words[at];
  for (let at = 34; isSame && at < 37; at++) isSame = WORDS[at] === before.words[at];
  for (let at = 64; isSame && at < REST; at++) isSame = WORDS[at] === before.words[at];
  if (isSame) return before;
  before.sum = sumOf(25, 31) + sumOf(34, 37) + sumOf(64, REST);
  before.hasNames = hasMagic(BLOCK);
  before.isPosix = before.hasNames && BLOCK[262] === 0;
  before.isGnu = before.hasNames && BLOCK[262] === 0x20;
  before.mode = readNumber(BLOCK, 100, 108);
  before.uid = asOwner(readNumber(BLOCK, 108, 116));
  before.gid = asOwner(readNumber(BLOCK, 116, 124));
  before.mtime = readSeconds(BLOCK, 136, 148);
  before.uname = before.hasNames ? untilNul(BLOCK, 265, 297) : '';
  before.gname = before.hasNames ? untilNul(BLOCK, 297, 329) : '';
  before.major = readNumber(BLOCK, 329, 337);
  before.minor = readNumber(BLOCK, 337, 345);
  before.words.set(WORDS);
  isAny = true;
  return before;
}
let isAny = false;

/** Reads the block that is looked at. @param hasRest whether there may be something in its last words */
function readLooked(shared: typeof before, hasRest: boolean): TarHeader {
  const type = String.fromCharCode(BLOCK[156] ?? 0);
  const hasAny = hasPrefix(hasRest);
  const prefix = hasAny && shared.isPosix ? untilNul(BLOCK, PREFIX.from, PREFIX.to) : '';
  const name = untilNul(BLOCK, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: untilNul(BLOCK, 157, 257),
    type,
    mode: shared.mode,
    uid: shared.uid,
    gid: shared.gid,
    size: readNumber(BLOCK, 124, 136),
    mtime: shared.mtime,
    uname: shared.uname,
    gname: shared.gname,
    major: shared.major,
    minor: shared.minor,
    isGnu: shared.isGnu,
    hasStrayPrefix: hasAny && !shared.isPosix && type !== 'S',
  };
}

function hasPrefix(hasRest: boolean): boolean {
  // By words, the first of which begins three bytes in.
  for (let at = PREFIX.from; at < REST * 4; at++) if (BLOCK[at] !== 0) return true;
  return hasRest && sumOfRare(REST, PREFIX.to / 4) > 0;
}
