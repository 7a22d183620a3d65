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

/** Returns the sum of the bytes of a block. */
function sumOf(block: Uint8Array): number {
  lookAt(block);
  let even = 0;
  let odd = 0;
  // Of each word the bytes in pairs: none of the sums of 128 of them reaches 16 bits.
  for (let at = 0; at < BLOCK_WORDS; at++) {
    const word = WORDS[at] as number;
    even += word & HALVES;
    odd += (word >>> 8) & HALVES;
  }
  return (even & 0xffff) + (even >>> 16) + (odd & 0xffff) + (odd >>> 16);
}

/** Returns whether a block holds nothing but zeros. */
export function isZeroBlock(block: Uint8Array): boolean {
  // A header begins with a name, so nearly all are told by their first byte.
  return block[0] === 0 && block.length === BLOCK_BYTES && sumOf(block) === 0;
}

/** Returns the sum that a header's checksum has to be: of its bytes, its own field read as spaces. */
export function headerChecksum(block: Uint8Array): number {
  let sum = sumOf(block) + (CHECKSUM.to - CHECKSUM.from) * 0x20;
  for (let at = CHECKSUM.from; at < CHECKSUM.to; at++) sum -= block[at] ?? 0;
  return sum;
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
  return hasChecksum(block) ? readLooked() : undefined;
}

/** Reads a header block: POSIX, GNU or v7 (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's tar.h). */
export function readHeader(bytes: Uint8Array): TarHeader {
  lookAt(bytes);
  return readLooked();
}

/** Of members that stand together, most of what a header says is the same: whose it is, and when. */
const before = {
  words: new Uint32Array(BLOCK_WORDS),
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
function readShared(block: Buffer, hasNames: boolean): typeof before {
  let isSame = isAny;
  // From the mode to the group, the time, and from the magic to the device; what else lies in these words is compared with them.
  for (let at = 25; isSame && at < 31; at++) isSame = WORDS[at] === before.words[at];
  for (let at = 34; isSame && at < 37; at++) isSame = WORDS[at] === before.words[at];
  for (let at = 64; isSame && at < 87; at++) isSame = WORDS[at] === before.words[at];
  if (isSame) return before;
  before.mode = readNumber(block, 100, 108);
  before.uid = asOwner(readNumber(block, 108, 116));
  before.gid = asOwner(readNumber(block, 116, 124));
  before.mtime = readSeconds(block, 136, 148);
  before.uname = hasNames ? untilNul(block, 265, 297) : '';
  before.gname = hasNames ? untilNul(block, 297, 329) : '';
  before.major = readNumber(block, 329, 337);
  before.minor = readNumber(block, 337, 345);
  before.words.set(WORDS);
  isAny = true;
  return before;
}
let isAny = false;

/** Reads the block that is looked at. */
function readLooked(): TarHeader {
  const block = BLOCK;
  const hasNames = hasMagic(block);
  // GNU's magic goes on with spaces, and its archives keep times where POSIX has the prefix of the name.
  const isPosix = hasNames && block[262] === 0;
  const type = String.fromCharCode(block[156] ?? 0);
  const prefix = isPosix ? untilNul(block, PREFIX.from, PREFIX.to) : '';
  const name = untilNul(block, 0, 100);
  const { mode, uid, gid, mtime, uname, gname, major, minor } = readShared(block, hasNames);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: untilNul(block, 157, 257),
    type,
    mode,
    uid,
    gid,
    size: readNumber(block, 124, 136),
    mtime,
    uname,
    gname,
    major,
    minor,
    isGnu: hasNames && block[262] === 0x20,
    hasStrayPrefix: !isPosix && type !== 'S' && hasPrefix(block),
  };
}

function hasPrefix(block: Uint8Array): boolean {
  // By words, the first of which begins three bytes in.
  for (let at = PREFIX.from; at < 348; at++) if (block[at] !== 0) return true;
  for (let at = 348 / 4; at < PREFIX.to / 4; at++) if (WORDS[at] !== 0) return true;
  return false;
}
