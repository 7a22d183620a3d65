// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import { SECTOR_SIZE } from '../mbr/mbr.js';
import { crc32 } from './crc32.js';
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
  const bytes = new Structure(SECTOR_SIZE);
  bytes.putText(SIGNATURE, 0);
  bytes.put(REVISION, 8, 4);
  bytes.put(HEADER_SIZE, 12, 4);
  bytes.put64(BigInt(header.lba), 24);
  bytes.put64(BigInt(header.alternateLba), 32);
  bytes.put64(BigInt(header.firstUsableLba), 40);
  bytes.put64(BigInt(header.lastUsableLba), 48);
  bytes.set(guidToBytes(header.diskGuid), 56);
  bytes.put64(BigInt(header.entriesLba), 72);
  bytes.put(header.entryCount, 80, 4);
  bytes.put(header.entrySize, 84, 4);
  bytes.put(header.entriesCrc, 88, 4);
  bytes.put(crc32(bytes.subarray(0, HEADER_SIZE)), 16, 4);
  return bytes;
}

const hasLargeSectors = (source: ByteSource) =>
  source.size >= 2 * LARGE_SECTOR &&
  Structure.over(readBytes(source, LARGE_SECTOR, SIGNATURE.length)).text() === SIGNATURE;

/** Reads the header at sector `lba`; `what` names the copy in errors. Checks it alone, not against the disk. */
export function parseHeader(source: ByteSource, lba: number, what: string): GptHeader {
  const bytes = Structure.over(readBytes(source, lba * SECTOR_SIZE, SECTOR_SIZE));
  const corrupt = (message: string) => new ImageError('corrupt', `${what} at sector ${lba}: ${message}`);
  if (bytes.text(0, 8) !== SIGNATURE) {
    if (lba === 1 && hasLargeSectors(source)) {
      throw new ImageError(
        'unsupported',
        `${what}: it is one of a disk with sectors of ${LARGE_SECTOR} bytes`,
      );
    }
    throw new ImageError('bad-magic', `${what}: sector ${lba} does not begin with "${SIGNATURE}"`);
  }
  const revision = bytes.u32(8);
  if (revision !== REVISION) {
    throw new ImageError('unsupported', `${what}: revision ${revision.toString(16)}, expected 10000`);
  }
  const size = bytes.u32(12);
  if (size < HEADER_SIZE || size > SECTOR_SIZE) {
    throw corrupt(`header size ${size}, expected ${HEADER_SIZE} to ${SECTOR_SIZE}`);
  }
  const stored = bytes.u32(16);
  bytes.put(0, 16, 4);
  if (crc32(bytes.subarray(0, size)) !== stored) throw corrupt('its checksum does not match');
  if (bytes.u32(20) !== 0 || bytes.subarray(size).some((byte) => byte !== 0)) {
    throw corrupt('reserved bytes are not zero');
  }
  const place = (offset: number, name: string) => {
    const value = bytes.u64(offset);
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
    entryCount: bytes.u32(80),
    entrySize: bytes.u32(84),
    entriesCrc: bytes.u32(88),
  };
}
