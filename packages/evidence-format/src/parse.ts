// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import type { EvidenceDocument, Field } from './document.js';
import { EvidenceError } from './error.js';
import { assertNoClaim } from './fields.js';
import {
  assertKey,
  assertLineLength,
  assertSectionName,
  assertTitle,
  assertValue,
  MAX_DOCUMENT_BYTES,
  quoteText,
} from './limits.js';

/**
 * Reads a document strictly: what it accepts, {@link formatDocument} writes back byte for byte.
 * A claim with any value but 0 is refused here too, so that nobody ever holds a parsed document with
 * `bootable_os_ready=1`, whoever wrote it.
 *
 * @example
 * import { parseDocument } from '@latticra/evidence-format';
 *
 * const { title, fields } = parseDocument('A REPORT\nimage_size_bytes=512\n');
 * console.log(title, fields); // A REPORT [ { key: 'image_size_bytes', value: '512' } ]
 *
 * @throws EvidenceError with line, key and what was expected
 */
export function parseDocument(input: Uint8Array | string): EvidenceDocument {
  const lines = splitLines(decode(input));
  const title = lines[0] ?? '';
  assertTitle(title, { line: 1 });
  const fields: Field[] = [];
  const sections: { name: string; fields: Field[] }[] = [];
  let block = { fields, keys: new Set<string>() };
  const names = new Set<string>();
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const number = index + 1;
    if (line === '') {
      const name = sectionName(lines[index + 1], number + 1);
      if (names.has(name))
        throw new EvidenceError('duplicate', `section [${name}] stands twice`, { line: number + 1 });
      names.add(name);
      const section = { name, fields: [] };
      sections.push(section);
      block = { fields: section.fields, keys: new Set() };
      index++;
    } else {
      const field = parseField(line, number);
      if (block.keys.has(field.key)) {
        throw new EvidenceError('duplicate', `${field.key}: stands twice`, { line: number, key: field.key });
      }
      block.keys.add(field.key);
      block.fields.push(field);
    }
  }
  return { title, fields, sections };
}

function decode(input: Uint8Array | string): string {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  if (size > MAX_DOCUMENT_BYTES) {
    throw new EvidenceError('too-large', `document of ${size} bytes, expected at most ${MAX_DOCUMENT_BYTES}`);
  }
  if (typeof input === 'string') return input;
  try {
    // ignoreBOM keeps a byte order mark in the text, where the title check refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch (cause) {
    throw new EvidenceError('bad-text', 'expected UTF-8', { line: invalidLine(input) }, { cause });
  }
}

/** Finds the number of the first line that is not UTF-8. Called only after decoding failed. */
function invalidLine(bytes: Uint8Array): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(10, start);
    // No sequence of UTF-8 goes on behind an LF, so each line stands or falls by itself.
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

function splitLines(text: string): string[] {
  if (text === '') throw new EvidenceError('bad-line', 'empty: expected a title', { line: 1 });
  if (text.startsWith('\ufeff'))
    throw new EvidenceError('bad-text', 'byte order mark: expected none', { line: 1 });
  const lines = text.split('\n');
  if (lines.pop() !== '') {
    throw new EvidenceError('bad-text', 'the last line does not end in LF', { line: lines.length + 1 });
  }
  lines.forEach((line, index) => {
    const place = { line: index + 1 };
    if (line.includes('\r'))
      throw new EvidenceError('bad-text', 'carriage return: expected LF line ends', place);
    if (line.includes('\0')) throw new EvidenceError('bad-text', 'NUL byte: expected text', place);
    assertLineLength(line, 'line', place);
  });
  return lines;
}

function sectionName(line: string | undefined, number: number): string {
  const name = line === undefined ? undefined : /^\[(.*)\]$/.exec(line)?.[1];
  if (name === undefined) {
    throw new EvidenceError(
      'bad-line',
      `expected a [section] after the blank line, found ${quoteText(line ?? 'the end')}`,
      {
        line: number,
      },
    );
  }
  assertSectionName(name, { line: number });
  return name;
}

function parseField(line: string, number: number): Field {
  const split = line.indexOf('=');
  if (split < 0)
    throw new EvidenceError('bad-line', `expected key=value, found ${quoteText(line)}`, {
      line: number,
    });
  const field = { key: line.slice(0, split), value: line.slice(split + 1) };
  assertKey(field.key, { line: number, key: field.key });
  assertValue(field.key, field.value, { line: number });
  assertNoClaim(field, number);
  return field;
}
