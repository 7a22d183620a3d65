// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';

const BLOCK = 512;

/** Fields of a ustar header (POSIX.1-2017, pax, "ustar Interchange Format"), and the kinds of entry that are expected. */
const HEADER = { nameEnd: 100, size: 124, mtime: 136, checksum: 148, type: 156, numberSize: 12 } as const;
const FILE_TYPES = ['0', '\0', '5'];

interface TarEntry {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Orders the entries of a ustar archive by name and dates them, in place.
 * @param archive whole blocks, ending in blocks of zeros or where it ends
 * @param time seconds since 1970
 * @throws BootSeedError `grub-unfit-image` for what is no archive of plain files and folders
 */
export function sortTar(archive: Buffer, time: number): void {
  const entries = readEntries(archive).sort((a, b) => (a.name < b.name ? -1 : 1));
  let at = 0;
  for (const { bytes } of entries) {
    setTime(bytes, time);
    bytes.copy(archive, at);
    at += bytes.length;
  }
}

function readEntries(archive: Buffer): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + BLOCK);
    const size = octal(header, HEADER.size, HEADER.numberSize);
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (octal(header, HEADER.checksum, 8) !== checksum(header)) throw unfit(`a bad checksum at byte ${at}`);
    const type = header.toString('latin1', HEADER.type, HEADER.type + 1);
    if (!FILE_TYPES.includes(type)) throw unfit(`an entry of kind ${JSON.stringify(type)}`);
    if (end > archive.length) throw unfit('an entry that reaches over the end');
    const name = header.toString('latin1', 0, HEADER.nameEnd).replace(/\0.*$/s, '');
    entries.push({ name, bytes: Buffer.from(archive.subarray(at, end)) });
    at = end;
  }
  return entries;
}

function setTime(header: Buffer, time: number): void {
  header.write(`${time.toString(8).padStart(HEADER.numberSize - 1, '0')}\0`, HEADER.mtime, 'latin1');
  header.write(`${checksum(header).toString(8).padStart(6, '0')}\0 `, HEADER.checksum, 'latin1');
}

/** The sum of a header's bytes, its own field read as spaces. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) {
    const isOwn = at >= HEADER.checksum && at < HEADER.checksum + 8;
    sum += isOwn ? 0x20 : (header[at] ?? 0);
  }
  return sum;
}

function octal(header: Buffer, at: number, length: number): number {
  const text = header.toString('latin1', at, at + length).replace(/[\0 ]+$/, '');
  if (!/^ *[0-7]+$/.test(text)) throw unfit('a number that is not octal');
  return Number.parseInt(text, 8);
}

const unfit = (what: string) =>
  new BootSeedError('grub-unfit-image', `the file system in the EFI loader has ${what}`);
