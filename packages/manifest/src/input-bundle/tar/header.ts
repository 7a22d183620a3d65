// SPDX-License-Identifier: Apache-2.0
import { type ByteString, untilNul } from './name.js';
import { isSmallNegative, readNumber } from './number.js';

/** The unit of an archive, in bytes. */
export const BLOCK_BYTES = 512;

/** What a header block says, as far as the check needs it. */
export interface TarHeader {
  readonly name: ByteString;
  readonly linkName: ByteString;
  /** One character; the NUL of old archives is read as '0'. */
  readonly type: string;
  /** Bytes of content behind the header; undefined where the field holds no such number. */
  readonly size: number | undefined;
  /** The first of the other numbers that is none: mode, owner, group, time, or those of a device. */
  readonly noNumber: string | undefined;
}

/** Name, place and length of the numbers that decide nothing about the archive, but have to be some. */
const NUMBERS = [
  ['a mode', 100, 8],
  ['an owner', 108, 8],
  ['a group', 116, 8],
  ['a time', 136, 12],
] as const;
const DEVICE_NUMBERS = [
  ['a major device number', 329, 8],
  ['a minor device number', 337, 8],
] as const;

const ZEROS = Buffer.alloc(BLOCK_BYTES);
/** Where the checksum stands; it counts as spaces in its own sum. */
const CHECKSUM = { from: 148, to: 156 } as const;

export function isZeroBlock(block: Uint8Array): boolean {
  return ZEROS.equals(block);
}

/** Whether the block's checksum is the unsigned sum of its bytes. No text passes for a header by chance. */
export function hasChecksum(block: Uint8Array): boolean {
  let sum = (CHECKSUM.to - CHECKSUM.from) * 0x20;
  for (let at = 0; at < CHECKSUM.from; at++) sum += block[at] ?? 0;
  for (let at = CHECKSUM.to; at < BLOCK_BYTES; at++) sum += block[at] ?? 0;
  return readNumber(block.subarray(CHECKSUM.from, CHECKSUM.to)) === sum;
}

/** Whether these first bytes of a file are the header of a tar archive of any age. */
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
  const prefix = isPosix ? untilNul(block.subarray(345, 500)) : '';
  const name = untilNul(block.subarray(0, 100));
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: untilNul(block.subarray(157, 257)),
    type: type === '\0' ? '0' : type,
    size: readNumber(block.subarray(124, 136)),
    noNumber: [...NUMBERS, ...(type === '3' || type === '4' ? DEVICE_NUMBERS : [])].find(
      ([what, at, length]) => !isNumber(block.subarray(at, at + length), what === 'a time'),
    )?.[0],
  };
}

function isNumber(field: Uint8Array, maybeNegative: boolean): boolean {
  return readNumber(field) !== undefined || (maybeNegative && isSmallNegative(field));
}
