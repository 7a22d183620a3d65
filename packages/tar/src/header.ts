// SPDX-License-Identifier: Apache-2.0
import { type ByteString, untilNul } from './name.js';
import { asOwner, readNumber, readSeconds } from './number.js';

/** The unit of an archive, in bytes. */
export const BLOCK_BYTES = 512;

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

const ZEROS = Buffer.alloc(BLOCK_BYTES);
/** Where the checksum stands; it counts as spaces in its own sum. */
const CHECKSUM = { from: 148, to: 156 } as const;
const PREFIX = { from: 345, to: 500 } as const;

/** Returns whether a block holds nothing but zeros. */
export function isZeroBlock(block: Uint8Array): boolean {
  return ZEROS.equals(block);
}

/** Returns the sum that a header's checksum has to be: of its bytes, its own field read as spaces. */
export function headerChecksum(block: Uint8Array): number {
  let sum = (CHECKSUM.to - CHECKSUM.from) * 0x20;
  for (let at = 0; at < CHECKSUM.from; at++) sum += block[at] ?? 0;
  for (let at = CHECKSUM.to; at < BLOCK_BYTES; at++) sum += block[at] ?? 0;
  return sum;
}

/** Tells whether the block's checksum is the unsigned sum of its bytes. No text passes for a header by chance. */
export function hasChecksum(block: Uint8Array): boolean {
  return readNumber(block.subarray(CHECKSUM.from, CHECKSUM.to)) === headerChecksum(block);
}

/** Tells whether these first bytes of a file are the header of a tar archive of any age. */
export function isTarHeader(head: Uint8Array): boolean {
  const block = head.subarray(0, BLOCK_BYTES);
  return block.length === BLOCK_BYTES && (hasMagic(block) || hasChecksum(block));
}

function hasMagic(block: Uint8Array): boolean {
  return untilNul(block.subarray(257, 262)) === 'ustar';
}

/** Reads a header block: POSIX, GNU or v7 (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar's tar.h). */
export function readHeader(block: Uint8Array): TarHeader {
  // GNU's magic goes on with spaces, and its archives keep times where POSIX has the prefix of the name.
  const isPosix = hasMagic(block) && block[262] === 0;
  const type = String.fromCharCode(block[156] ?? 0);
  const prefixField = block.subarray(PREFIX.from, PREFIX.to);
  const prefix = isPosix ? untilNul(prefixField) : '';
  const name = untilNul(block.subarray(0, 100));
  const number = (from: number, length: number) => readNumber(block.subarray(from, from + length));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: untilNul(block.subarray(157, 257)),
    type,
    mode: number(100, 8),
    uid: asOwner(number(108, 8)),
    gid: asOwner(number(116, 8)),
    size: number(124, 12),
    mtime: readSeconds(block.subarray(136, 148)),
    uname: hasMagic(block) ? untilNul(block.subarray(265, 297)) : '',
    gname: hasMagic(block) ? untilNul(block.subarray(297, 329)) : '',
    major: number(329, 8),
    minor: number(337, 8),
    isGnu: hasMagic(block) && block[262] === 0x20,
    hasStrayPrefix: !isPosix && type !== 'S' && prefixField.some((byte) => byte !== 0),
  };
}
