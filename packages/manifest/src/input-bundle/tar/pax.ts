// SPDX-License-Identifier: Apache-2.0
import type { ByteString } from './name.js';
import { readDecimal } from './number.js';

/** What an extended header changes about the member behind it. */
export interface PaxOverrides {
  readonly path: ByteString | undefined;
  readonly linkPath: ByteString | undefined;
  /** Where the content is stored sparsely, the name that the file really has. */
  readonly sparseName: ByteString | undefined;
  /** Bytes. */
  readonly size: number | undefined;
}

/** Records that decide what a member is called and where it ends: said twice, or blanked, readers disagree. */
const DECISIVE: ReadonlySet<string> = new Set(['path', 'linkpath', 'size', 'GNU.sparse.name']);

/**
 * Reads the records of an extended header, `<length> <key>=<value>\n` each (POSIX.1-2017, pax, "pax Extended
 * Header").
 * @param isGlobal whether it is for all members that follow, which then can have no name or size in common
 * @returns what is wrong with it, in words, where something is
 */
export function readPax(body: Uint8Array, isGlobal: boolean): PaxOverrides | string {
  const text = Buffer.from(body).toString('latin1');
  const values = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const length = /^[1-9]\d{0,6} /.exec(text.slice(at, at + 8))?.[0] ?? '';
    const end = at + Number(length);
    const record = text.slice(at + length.length, end);
    const split = record.indexOf('=');
    if (length === '' || end > text.length || split < 1 || !record.endsWith('\n')) {
      return `has a malformed record at byte ${at} of its extended header`;
    }
    const key = record.slice(0, split);
    const value = record.slice(split + 1, -1);
    if (DECISIVE.has(key)) {
      if (isGlobal) return `gives all members behind it one ${key}`;
      if (values.has(key)) return `has two records for ${key} in its extended header`;
      if (value === '') return `has an empty record for ${key} in its extended header`;
    }
    values.set(key, value);
    at = end;
  }
  const digits = values.get('size');
  const size = digits === undefined ? undefined : readDecimal(digits);
  if (digits !== undefined && size === undefined)
    return 'has a size in its extended header that is no length';
  return {
    path: values.get('path'),
    linkPath: values.get('linkpath'),
    sparseName: values.get('GNU.sparse.name'),
    size,
  };
}
