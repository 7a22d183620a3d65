// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { hasText, peek } from './bytes.js';

/** A cpio archive in one piece, up to its trailer. */
export interface CpioArchive {
  /** `newc` with or without checksums, which Linux unpacks; `odc`, which it does not. */
  readonly format: 'newc' | 'crc' | 'odc';
  readonly entries: number;
  /** The first names in it, a hundred at most. */
  readonly names: readonly string[];
  /** Bytes up to the end of its trailer, or as far as it was read. */
  readonly size: number;
  /** It was read up to its trailer. */
  readonly complete: boolean;
}

const TRAILER = 'TRAILER!!!';
const MAX_ENTRIES = 100_000;
const MAX_NAMES = 100;
const MAX_NAME = 4096;

/** The layout of an entry's header: its length, its fields in digits of a base, and what sizes are rounded up to. */
const FORMATS = {
  newc: { magic: '070701', header: 110, base: 16, digits: 8, size: 54, name: 94, pad: 4 },
  crc: { magic: '070702', header: 110, base: 16, digits: 8, size: 54, name: 94, pad: 4 },
  odc: { magic: '070707', header: 76, base: 8, digits: 11, size: 65, name: 59, pad: 1 },
} as const;

/** Returns the format of the cpio archive that begins at `offset`; undefined where none does. */
export function cpioFormat(source: ByteSource, offset: number): CpioArchive['format'] | undefined {
  const magic = peek(source, offset, 6);
  return (Object.keys(FORMATS) as CpioArchive['format'][]).find((format) =>
    hasText(magic, 0, FORMATS[format].magic),
  );
}

/**
 * Reads the headers of an archive up to its trailer, a hundred thousand entries at most.
 * @throws ImageError `truncated` where it ends without a trailer, `corrupt` for headers that are none
 */
export function readCpio(source: ByteSource, offset: number, format: CpioArchive['format']): CpioArchive {
  const { magic, header, base, digits, size, name, pad } = FORMATS[format];
  const names: string[] = [];
  const round = (value: number) => Math.ceil(value / pad) * pad;
  const corrupt = (at: number, what: string) =>
    new ImageError('corrupt', `cpio entry at byte ${at}: ${what}`);
  let at = offset;
  for (let entries = 0; entries < MAX_ENTRIES; entries++) {
    const bytes = peek(source, at, header);
    if (bytes.length < header) {
      throw new ImageError('truncated', `the cpio archive ends at byte ${source.size} without a trailer`);
    }
    if (!hasText(bytes, 0, magic)) throw corrupt(at, `it does not begin with ${magic}`);
    const number = (field: number, length: number) => {
      const text = bytes.toString('latin1', field, field + length);
      const value = /^[0-9a-fA-F]+$/.test(text) ? Number.parseInt(text, base) : Number.NaN;
      if (!Number.isSafeInteger(value)) throw corrupt(at, `${JSON.stringify(text)} is no number`);
      return value;
    };
    const nameLength = number(name, format === 'odc' ? 6 : 8);
    const length = number(size, digits);
    if (nameLength < 1 || nameLength > MAX_NAME) throw corrupt(at, `a name of ${nameLength} bytes`);
    const text = peek(source, at + header, nameLength);
    const end = round(at - offset + header + nameLength) + offset;
    if (text.length < nameLength || end + length > source.size) {
      throw new ImageError(
        'truncated',
        `cpio entry at byte ${at} passes the end of the file, ${source.size}`,
      );
    }
    if (text[nameLength - 1] !== 0) throw corrupt(at, 'its name does not end');
    const path = text.toString('utf8', 0, nameLength - 1);
    at = round(end - offset + length) + offset;
    if (path === TRAILER)
      return { format, entries, names, size: Math.min(at, source.size) - offset, complete: true };
    if (names.length < MAX_NAMES) names.push(path);
  }
  return { format, entries: MAX_ENTRIES, names, size: at - offset, complete: false };
}
