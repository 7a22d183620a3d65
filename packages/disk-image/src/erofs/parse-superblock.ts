// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { uuidText } from '../gpt/guid.js';
import { textOf } from '../layout/bytes.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { readStructure, viewOf } from '../layout/view.js';
import { crc32c } from './crc32c.js';
import type { ErofsTime } from './entry.js';
import { COMPAT, EROFS_MAGIC, INCOMPAT, SUPERBLOCK } from './format.js';

/** What a file system says of itself as a whole. */
export interface ErofsVolume {
  readonly uuid: string;
  /** Empty where there is none. */
  readonly volumeName: string;
  /** When it was built. */
  readonly builtAt: ErofsTime;
  readonly blockSize: number;
  readonly blocks: number;
  /** Bytes. */
  readonly size: number;
  readonly inodes: number;
}

/** Where its parts are. */
export interface Superblock extends ErofsVolume {
  readonly rootNid: number;
  /** Bytes in front of the first inode, and of the attributes that inodes share. */
  readonly metadata: number;
  readonly sharedXattrs: number;
}

const KNOWN =
  INCOMPAT.zeroPadding |
  INCOMPAT.compressionOptions |
  INCOMPAT.chunkedFiles |
  INCOMPAT.deviceTable |
  INCOMPAT.tailPacking |
  INCOMPAT.fragments |
  INCOMPAT.xattrPrefixes;

const unsupported = (what: string) => new ImageError('unsupported', `the EROFS file system ${what}`);
const corrupt = (what: string) => new ImageError('corrupt', `the EROFS superblock ${what}`);

/**
 * Reads the superblock of a file system, and checks its checksum where it says that it has one.
 * @throws ImageError `bad-magic`, `truncated`, `corrupt`; `unsupported` for features that are not known here
 */
export function readSuperblock(source: ByteSource): Superblock {
  const view = readStructure(source, SUPERBLOCK.offset, SUPERBLOCK.size, 'the EROFS superblock');
  if (view.getUint32(0, true) !== EROFS_MAGIC)
    throw new ImageError('bad-magic', 'there is no EROFS superblock');
  const blockBits = view.getUint8(12);
  if (blockBits < 9 || blockBits > 16) throw unsupported(`has blocks of 2^${blockBits} bytes`);
  const blockSize = 2 ** blockBits;
  assertFeatures(view);
  if (view.getUint32(8, true) & COMPAT.checksum) assertChecksum(source, blockSize, view.getUint32(4, true));
  const blocks = view.getUint32(36, true);
  const size = blocks * blockSize;
  if (size < SUPERBLOCK.offset + SUPERBLOCK.size) throw corrupt(`says that there are ${blocks} blocks`);
  if (size > source.size)
    throw new ImageError(
      'truncated',
      `the EROFS file system has ${size} bytes, what holds it only ${source.size}`,
    );
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return {
    uuid: uuidText(bytes.subarray(48, 64)).toLowerCase(),
    volumeName: textOf(bytes.subarray(64, 80)).split('\0', 1)[0] ?? '',
    builtAt: { seconds: safe(view.getBigInt64(24, true)), nanoseconds: view.getUint32(32, true) },
    blockSize,
    blocks,
    size,
    inodes: safe(view.getBigInt64(16, true)),
    rootNid: view.getUint16(14, true),
    metadata: view.getUint32(40, true) * blockSize,
    sharedXattrs: view.getUint32(44, true) * blockSize,
  };
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw corrupt(`holds the number ${value}`);
  return number;
}

function assertFeatures(view: DataView): void {
  const incompatible = view.getUint32(80, true);
  if (incompatible & ~KNOWN)
    throw unsupported(`has the features 0x${(incompatible & ~KNOWN).toString(16)}, which are not known here`);
  if (view.getUint16(86, true) > 0) throw unsupported('keeps content on other devices');
  if (view.getUint8(90) > 0) throw unsupported('has folders in blocks of another size');
}

/** The checksum covers the rest of the first block, with zeros in its own place. */
function assertChecksum(source: ByteSource, blockSize: number, stored: number): void {
  const length = blockSize > SUPERBLOCK.offset ? blockSize - SUPERBLOCK.offset : blockSize;
  if (source.size < SUPERBLOCK.offset + length)
    throw new ImageError('truncated', 'the EROFS file system ends in its first block');
  const bytes = readBytes(source, SUPERBLOCK.offset, length);
  viewOf(bytes).setUint32(4, 0, true);
  if (crc32c(bytes) !== stored) throw corrupt('does not match its checksum');
}
