// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib';
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { SECTOR_SIZE } from '../mbr/mbr.js';
import { bytesToGuid, guidToBytes } from './guid.js';

const HEADER_SIZE = 92;
const SIGNATURE = 'EFI PART';
const REVISION = 0x00010000;
/** The other size of a sector that disks have (4Kn). */
const LARGE_SECTOR = 4096;

/** The header of one copy of the table (UEFI 2.10, table 5-5); places are sectors. */
export interface GptHeader {
  readonly lba: number;
  readonly alternateLba: number;
  readonly firstUsableLba: number;
  readonly lastUsableLba: number;
  readonly diskGuid: string;
  readonly entriesLba: number;
  readonly entryCount: number;
  readonly entrySize: number;
  readonly entriesCrc: number;
}

/** Makes the whole sector of a header, with its checksum. */
export function formatHeader(header: GptHeader): Uint8Array {
  const bytes = Buffer.alloc(SECTOR_SIZE);
  bytes.write(SIGNATURE, 0, 'latin1');
  bytes.writeUInt32LE(REVISION, 8);
  bytes.writeUInt32LE(HEADER_SIZE, 12);
  bytes.writeBigUInt64LE(BigInt(header.lba), 24);
  bytes.writeBigUInt64LE(BigInt(header.alternateLba), 32);
  bytes.writeBigUInt64LE(BigInt(header.firstUsableLba), 40);
  bytes.writeBigUInt64LE(BigInt(header.lastUsableLba), 48);
  bytes.set(guidToBytes(header.diskGuid), 56);
  bytes.writeBigUInt64LE(BigInt(header.entriesLba), 72);
  bytes.writeUInt32LE(header.entryCount, 80);
  bytes.writeUInt32LE(header.entrySize, 84);
  bytes.writeUInt32LE(header.entriesCrc, 88);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_SIZE)), 16);
  return bytes;
}

const hasLargeSectors = (source: ByteSource) =>
  source.size >= 2 * LARGE_SECTOR &&
  Buffer.from(readBytes(source, LARGE_SECTOR, SIGNATURE.length)).toString('latin1') === SIGNATURE;

/** Reads the header at sector `lba`; `what` names the copy in errors. Checks it alone, not against the disk. */
export function parseHeader(source: ByteSource, lba: number, what: string): GptHeader {
  const bytes = Buffer.from(readBytes(source, lba * SECTOR_SIZE, SECTOR_SIZE).buffer);
  const corrupt = (message: string) => new ImageError('corrupt', `${what} at sector ${lba}: ${message}`);
  if (bytes.toString('latin1', 0, 8) !== SIGNATURE) {
    if (lba === 1 && hasLargeSectors(source)) {
      throw new ImageError(
        'unsupported',
        `${what}: it is one of a disk with sectors of ${LARGE_SECTOR} bytes`,
      );
    }
    throw new ImageError('bad-magic', `${what}: sector ${lba} does not begin with "${SIGNATURE}"`);
  }
  const revision = bytes.readUInt32LE(8);
  if (revision !== REVISION) {
    throw new ImageError('unsupported', `${what}: revision ${revision.toString(16)}, expected 10000`);
  }
  const size = bytes.readUInt32LE(12);
  if (size < HEADER_SIZE || size > SECTOR_SIZE) {
    throw corrupt(`header size ${size}, expected ${HEADER_SIZE} to ${SECTOR_SIZE}`);
  }
  const stored = bytes.readUInt32LE(16);
  bytes.writeUInt32LE(0, 16);
  if (crc32(bytes.subarray(0, size)) !== stored) throw corrupt('its checksum does not match');
  if (bytes.readUInt32LE(20) !== 0 || bytes.subarray(size).some((byte) => byte !== 0)) {
    throw corrupt('reserved bytes are not zero');
  }
  const place = (offset: number, name: string) => {
    const value = bytes.readBigUInt64LE(offset);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw corrupt(`${name} is sector ${value}`);
    return Number(value);
  };
  return {
    lba: place(24, 'its own place'),
    alternateLba: place(32, 'the other header'),
    firstUsableLba: place(40, 'the first usable sector'),
    lastUsableLba: place(48, 'the last usable sector'),
    diskGuid: bytesToGuid(bytes, 56),
    entriesLba: place(72, 'the entry array'),
    entryCount: bytes.readUInt32LE(80),
    entrySize: bytes.readUInt32LE(84),
    entriesCrc: bytes.readUInt32LE(88),
  };
}
