// SPDX-License-Identifier: Apache-2.0
/** What each refusal says: its code for programs, its place, and one line for a person. */
import { describe, expect, it } from 'vitest';
import { parseDigest } from './digest.js';
import {
  documentToJson,
  type EvidenceDocument,
  EvidenceError,
  type FieldValues,
  fields,
  formatChecksumLine,
  formatDigest,
  formatDocument,
  isSha256Hex,
  parseChecksums,
  parseDocument,
} from './index.js';
import { MAX_DOCUMENT_BYTES } from './limits.js';

const HEX = '0123456789abcdef'.repeat(4);
const CLAIM_FIX = 'no document may claim readiness; a person changes the fixture after review';
const VALUE_FIX = 'use a value, or a path, without line breaks, tabs, escapes, joiners and direction marks';

type Refusal = [
  run: () => unknown,
  code: string,
  message: string,
  rest?: { readonly line?: number; readonly key?: string; readonly fix?: string },
];

/** Declares a test for each row: it is refused with exactly that, and with no more of a place than is known. */
function refuses(what: string, rows: Readonly<Record<string, Refusal>>): void {
  it.each(Object.entries(rows))(
    `${what} is refused for %s`,
    (_, [run, code, message, { line, key, fix } = {}]) => {
      let found: unknown;
      try {
        run();
      } catch (error) {
        found = error;
      }
      expect(found).toBeInstanceOf(EvidenceError);
      const shown = line === undefined ? message : `line ${line}: ${message}`;
      expect(found).toMatchObject({ code, kind: 'data', line, key, message: shown });
      if (fix !== undefined) expect(found).toMatchObject({ fix });
    },
  );
}

describe('digests', () => {
  refuses('a digest', {
    'hexadecimal digits that are none': [
      () => formatDigest('x'),
      'bad-value',
      'expected 64 lower-case hexadecimal digits, found "x"',
    ],
    'another form': [
      () => parseDigest('x'),
      'bad-value',
      'expected sha256: and 64 lower-case hexadecimal digits, found "x"',
    ],
  });

  it('isSha256Hex tells beforehand what is refused as a digest', () => {
    expect(['', HEX, `${HEX}0`, HEX.toUpperCase()].map(isSha256Hex)).toEqual([false, true, false, false]);
  });
});

describe('checksums', () => {
  const twice = `${HEX}  a\n${HEX}  a\n`;
  refuses('a checksum file', {
    'a name that sha256sum escapes': [
      () => formatChecksumLine(HEX, 'a\\b'),
      'bad-value',
      '"a\\\\b": expected a file name without line breaks, control characters and backslashes',
    ],
    'no lines': [() => parseChecksums(''), 'bad-text', 'checksums: expected lines, each ending in LF'],
    'no LF at the end': [
      () => parseChecksums(`${HEX}  a`),
      'bad-text',
      'checksums: expected lines, each ending in LF',
    ],
    'something in front of the digest': [
      () => parseChecksums(` ${HEX}  a\n`),
      'bad-line',
      `expected <sha256>, two spaces and a name, found " ${HEX}  a"`,
      { line: 1 },
    ],
    'a name that stands twice': [() => parseChecksums(twice), 'duplicate', 'a: stands twice', { line: 2 }],
  });
});

describe('fields', () => {
  const of = (values: Record<string, string | number>) => () => fields(values as FieldValues);
  refuses('a field', {
    'a key that is an array index': [
      of({ 10: '' }),
      'bad-key',
      'key 10: a bare number does not keep its place',
      { key: '10' },
    ],
    'the key 0': [of({ 0: '' }), 'bad-key', 'key 0: a bare number does not keep its place', { key: '0' }],
    'a fraction': [of({ a: 1.5 }), 'bad-value', 'a: expected a whole number, found 1.5', { key: 'a' }],
    'a claim': [
      of({ bootable_os_ready: 1 }),
      'forbidden-claim',
      'bootable_os_ready: expected 0, found "1"',
      { key: 'bootable_os_ready', fix: CLAIM_FIX },
    ],
  });

  it('a key that only begins or ends like an array index is taken', () => {
    expect(of({ '1a': 1, a1: 2, '00': 3 })()).toHaveLength(3);
  });
});

describe('formatDocument', () => {
  const write = (change: Partial<EvidenceDocument>) => () =>
    formatDocument({ title: 'T', fields: [], sections: [], ...change });
  const field = (key: string, value = '') => ({ key, value });
  const long = 'x'.repeat(8191);
  const section = { name: 's', fields: [] };
  const full = Array.from({ length: 600 }, (_, index) => field(`k${index}`, 'x'.repeat(8000)));
  refuses('writing a document', {
    'a title that is none': [
      write({ title: 'a=1' }),
      'bad-line',
      `expected a title: one line without '=' that does not start with '[', found "a=1"`,
    ],
    'a long title': [write({ title: `${long}y` }), 'too-large', 'title: 8192 bytes, expected at most 8191'],
    'a key that is none': [
      write({ fields: [field('A')] }),
      'bad-key',
      'key "A": expected [a-z0-9][a-z0-9_.-]*',
      { key: 'A' },
    ],
    'a value on two lines': [
      write({ fields: [field('a', '1\n2')] }),
      'bad-value',
      'a: expected one line without control or invisible characters, found "1\\n2"',
      { key: 'a', fix: VALUE_FIX },
    ],
    'a key that stands twice': [
      write({ fields: [field('a'), field('a')] }),
      'duplicate',
      'a: stands twice',
      { key: 'a' },
    ],
    'a long field': [
      write({ fields: [field('a', long)] }),
      'too-large',
      'a: 8193 bytes, expected at most 8191',
      { key: 'a' },
    ],
    'a section that stands twice': [
      write({ sections: [section, section] }),
      'duplicate',
      'section [s] stands twice',
    ],
    'a long name of a section': [
      write({ sections: [{ name: long, fields: [] }] }),
      'too-large',
      'section: 8193 bytes, expected at most 8191',
    ],
    'more than 4 MiB': [
      write({ fields: full }),
      'too-large',
      `document of ${2 + full.reduce((sum, { key }) => sum + key.length + 8002, 0)} bytes, expected at most 4194304`,
    ],
  });
});

describe('parseDocument', () => {
  const read = (input: string | Uint8Array) => () => parseDocument(input);
  // Fewer characters than bytes: 3 in each of these.
  const wide = `T\n${`${'漢'.repeat(2700)}=\n`.repeat(Math.ceil(MAX_DOCUMENT_BYTES / 8102))}`;
  refuses('reading a document', {
    nothing: [read(''), 'bad-line', 'empty: expected a title', { line: 1 }],
    'bytes that are not UTF-8': [
      read(Buffer.from('T\na=\xff\n', 'latin1')),
      'bad-text',
      'expected UTF-8',
      { line: 2 },
    ],
    'bytes that are not UTF-8 behind an empty line': [
      read(Buffer.from('\n\xff\n', 'latin1')),
      'bad-text',
      'expected UTF-8',
      { line: 2 },
    ],
    'a byte order mark': [read('\ufeffT\n'), 'bad-text', 'byte order mark: expected none', { line: 1 }],
    'no LF at the end': [read('T\na=1'), 'bad-text', 'the last line does not end in LF', { line: 2 }],
    'a carriage return': [read('T\r\n'), 'bad-text', 'carriage return: expected LF line ends', { line: 1 }],
    'a NUL': [read('T\na=\0\n'), 'bad-text', 'NUL byte: expected text', { line: 2 }],
    'a long line': [
      read(`T\n${'x'.repeat(8192)}\n`),
      'too-large',
      'line: 8192 bytes, expected at most 8191',
      { line: 2 },
    ],
    'a blank line with nothing behind it': [
      read('T\n\n'),
      'bad-line',
      'expected a [section] after the blank line, found "the end"',
      { line: 3 },
    ],
    'something in front of a section': [
      read('T\n\nx[s]\n'),
      'bad-line',
      'expected a [section] after the blank line, found "x[s]"',
      { line: 3 },
    ],
    'a section that stands twice': [
      read('T\n\n[s]\n\n[s]\n'),
      'duplicate',
      'section [s] stands twice',
      { line: 5 },
    ],
    'a key that stands twice': [read('T\na=\na=\n'), 'duplicate', 'a: stands twice', { line: 3, key: 'a' }],
    'a line without =': [read('T\na\n'), 'bad-line', 'expected key=value, found "a"', { line: 2 }],
    'more bytes than 4 MiB in fewer characters': [
      read(wide),
      'too-large',
      `document of ${Buffer.byteLength(wide)} bytes, expected at most 4194304`,
    ],
  });

  it('a line that is as long as it may be without its LF is read', () => {
    expect(read(`T\n${'a'.repeat(8190)}=\n`)()).toMatchObject({ fields: [{ value: '' }] });
  });

  it("a refusal of bytes that are not UTF-8 keeps the decoder's error as its cause", () => {
    expect(read(Buffer.from([0xff]))).toThrow(expect.objectContaining({ cause: expect.any(TypeError) }));
  });
});

it('a document without sections is JSON without empty lines', () => {
  expect(documentToJson({ title: 'T', fields: [], sections: [] })).toBe(
    '{\n  "title": "T",\n  "fields": {},\n  "sections": {}\n}\n',
  );
});
