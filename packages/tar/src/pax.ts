// SPDX-License-Identifier: Apache-2.0
import { type Problem, problem } from './error.js';
import type { ByteString } from './name.js';
import { asOwner, isSplitBefore1970, readDecimal, readTime, type TarTime } from './number.js';
import { readXattr } from './xattr.js';

/** What an extended header says about the member behind it; undefined where it says nothing. */
export interface PaxOverrides {
  readonly path: ByteString | undefined;
  readonly linkPath: ByteString | undefined;
  readonly uname: ByteString | undefined;
  readonly gname: ByteString | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly mtime: TarTime | undefined;
  /** Bytes. */
  readonly size: number | undefined;
  /** star's own field for the size of a file, and for the numbers of a device: some readers take them, some do not. */
  readonly realSize: number | undefined;
  readonly major: number | undefined;
  readonly minor: number | undefined;
  readonly xattrs: ReadonlyMap<ByteString, Uint8Array>;
  /** The records about a sparse file, in order, without `GNU.sparse.`. */
  readonly sparse: readonly PaxRecord[];
}

export type PaxRecord = readonly [key: string, value: string];

const isText = (value: string) => !value.includes('\0');
const isName = (value: string) => value !== '' && isText(value);
const isCount = (value: string) => readDecimal(value) !== undefined;
const isOwner = (value: string) => asOwner(readDecimal(value)) !== undefined;
const isTime = (value: string) => readTime(value) !== undefined;

/** The records that decide something, what each must be, and what that is called. */
const KNOWN: Readonly<Record<string, readonly [holds: (value: string) => boolean, expected: string]>> = {
  path: [isName, 'name'],
  linkpath: [isName, 'name'],
  uname: [isText, 'name'],
  gname: [isText, 'name'],
  size: [isCount, 'length'],
  uid: [isOwner, 'number of an owner'],
  gid: [isOwner, 'number of a group'],
  mtime: [isTime, 'time'],
  atime: [isTime, 'time'],
  ctime: [isTime, 'time'],
  hdrcharset: [(value) => value === 'BINARY' || value === 'ISO-IR 10646 2000 UTF-8', 'character set of pax'],
  'SCHILY.realsize': [isCount, 'length'],
  'SCHILY.devmajor': [isCount, 'number of a device'],
  'SCHILY.devminor': [isCount, 'number of a device'],
};

/** Records by which some readers take a file apart, or know that there is more of it elsewhere. */
const REFUSED = /^(?:SUN\.holesdata|GNU\.(?!sparse\.))/;
/** What would change the members behind it. */
const DECISIVE = /^(?:GNU|SUN|RHT|LIBARCHIVE)\.|^SCHILY\.(?:xattr|acl|dev|real|fflags)/;
const SPARSE = 'GNU.sparse.';

/**
 * Reads the records of an extended header, `<length> <key>=<value>\n` each (POSIX.1-2017, pax, "pax Extended
 * Header"). Keys that nobody knows are passed over, as every reader does.
 * @param isGlobal whether it is for all members that follow. Some readers apply it and some do not, so it may hold
 *   comments and the like, and nothing that changes a member
 * @returns what is wrong with it, in words, where something is
 */
export function readPax(body: Uint8Array, isGlobal: boolean): PaxOverrides | Problem | string {
  const records = readRecords(Buffer.from(body).toString('latin1'));
  if (typeof records === 'string') return records;
  const values = new Map<string, string>();
  const xattrs = new Map<ByteString, Uint8Array>();
  const sparse: PaxRecord[] = [];
  for (const [key, value] of records) {
    const known = Object.hasOwn(KNOWN, key) ? KNOWN[key] : undefined;
    if (isGlobal && (known !== undefined || DECISIVE.test(key)))
      return `gives all members behind it one ${key}`;
    if (REFUSED.test(key)) return `has a record for ${key} in its extended header, which few readers know`;
    if (key.startsWith(SPARSE)) sparse.push([key.slice(SPARSE.length), value]);
    else if (known !== undefined) {
      if (values.has(key)) return `has two records for ${key} in its extended header`;
      if (value === '' && !known[0]('')) return `has an empty record for ${key} in its extended header`;
      if (known[1] === 'time' && isSplitBefore1970(value)) return splitTime(key, value);
      if (!known[0](value)) return `has a ${key} in its extended header that is no ${known[1]}`;
      values.set(key, value);
    } else {
      const problem = readXattr(key, value, xattrs);
      if (problem !== undefined) return problem;
    }
  }
  const number = (key: string) => readDecimal(values.get(key) ?? '');
  return {
    path: values.get('path'),
    linkPath: values.get('linkpath'),
    uname: values.get('uname'),
    gname: values.get('gname'),
    uid: number('uid'),
    gid: number('gid'),
    mtime: readTime(values.get('mtime') ?? ''),
    size: number('size'),
    realSize: number('SCHILY.realsize'),
    major: number('SCHILY.devmajor'),
    minor: number('SCHILY.devminor'),
    xattrs,
    sparse,
  };
}

function splitTime(key: string, value: string): Problem {
  const [whole] = value.split('.');
  return problem(
    `has a ${key} of ${value} in its extended header, and tars differ in which way a fraction counts before 1970`,
    `give the file a time of whole seconds, as with touch -d @${Number(whole) - 1}, and make the archive again`,
  );
}

function readRecords(text: string): PaxRecord[] | string {
  const records: PaxRecord[] = [];
  for (let at = 0; at < text.length; ) {
    const length = /^[1-9]\d{0,6} /.exec(text.slice(at, at + 8))?.[0] ?? '';
    const end = at + Number(length);
    const record = text.slice(at + length.length, end);
    const split = record.indexOf('=');
    const key = record.slice(0, split);
    if (length === '' || end > text.length || split < 1 || !record.endsWith('\n')) {
      return `has a malformed record at byte ${at} of its extended header`;
    }
    if (/[\0-\x1f\x7f]/.test(key))
      return `has a key with control characters at byte ${at} of its extended header`;
    records.push([key, record.slice(split + 1, -1)]);
    at = end;
  }
  return records;
}

/** Finds the path in an extended header, whatever else is wrong with that. */
export function pathIn(body: Uint8Array): ByteString | undefined {
  return /^\d{1,7} path=([^\n\0]+)$/m.exec(Buffer.from(body).toString('latin1'))?.[1];
}
