// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareHashLists,
  comparePaths,
  formatHashList,
  type HashEntry,
  parseHashList,
  pathProblem,
  rootDigest,
} from '../index.js';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const path = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'))
  .filter((text) => pathProblem(text) === undefined);
const entries: fc.Arbitrary<HashEntry[]> = fc
  .uniqueArray(fc.record({ path, sha256: fc.constantFrom(A, B) }), {
    selector: (entry) => entry.path,
    minLength: 1,
    maxLength: 30,
  })
  .map((list) => list.sort((a, b) => comparePaths(a.path, b.path)));
const textOf = (list: readonly HashEntry[]) => Buffer.concat([...formatHashList(list)]);

describe('a hash list', () => {
  it('is read as it was written, and written as it was read', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const bytes = textOf(list);
        expect(parseHashList(bytes)).toEqual(list);
        expect(textOf(parseHashList(bytes))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('is refused or the very list that is written, whatever is done to its bytes', () => {
    const edit = fc.record({
      at: fc.nat(),
      drop: fc.nat(2),
      put: fc.constantFrom('', '\n', ' ', '\0', '\r', 'a', '/', '.', '\\'),
    });
    fc.assert(
      fc.property(entries, edit, (list, { at, drop, put }) => {
        const bytes = textOf(list);
        const place = at % (bytes.length + 1);
        const text = Buffer.concat([
          bytes.subarray(0, place),
          Buffer.from(put),
          bytes.subarray(place + drop),
        ]);
        let found: HashEntry[];
        try {
          found = parseHashList(text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'SealError', code: 'list' });
          return;
        }
        expect(textOf(found)).toEqual(text);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['empty', '', /^empty, expected at least one line$/],
    ['an empty line', '\n', /^line 1: expected 64 lower-case/],
    ['NUL', `${A}  a\0b\n`, /^line 1: NUL byte/],
    ['CR', `${A}  a\n${A}  b\rc\n`, /^line 2: carriage return/],
    ['CRLF', `${A}  a\r\n`, /^line 1: carriage return/],
    ['a byte order mark', `\ufeff${A}  a\n`, /^line 1: expected 64 lower-case/],
    ['no last LF', `${A}  a`, /^the last line does not end in LF/],
    ['not UTF-8', Buffer.from(`${A}  \xff\n`, 'latin1'), /^expected UTF-8/],
    ['upper case', `${A.toUpperCase()}  a\n`, /^line 1: expected 64 lower-case/],
    ['a short digest', `${A.slice(1)}  a\n`, /^line 1: expected 64 lower-case/],
    ['a long digest', `${A}a  a\n`, /^line 1: expected 64 lower-case/],
    ['one space', `${A} a\n`, /^line 1: expected 64 lower-case/],
    ['a binary mark', `${A} *a\n`, /^line 1: expected 64 lower-case/],
    ['a tab', `${A}\t a\n`, /^line 1: expected 64 lower-case/],
    ['no path', `${A}  \n`, /^line 1: the path "" is empty/],
    ['a doubled path', `${A}  a\n${B}  a\n`, /^line 2: a stands twice/],
    ['unsorted', `${A}  b\n${A}  a\n`, /^line 2: a stands behind b, expected strict byte order/],
    ['UTF-16 order', `${A}  😀\n${A}  ～\n`, /^line 2: ～ stands behind 😀/],
    ['..', `${A}  a/../b\n`, /^line 1: the path "a\/\.\.\/b" has a \. or \.\./],
    ['absolute', `${A}  /a\n`, /^line 1: the path "\/a" is absolute/],
    ['a backslash', `${A}  a\\b\n`, /^line 1: the path .* holds a backslash/],
    ['a control character', `${A}  a\u001bb\n`, /^line 1: the path .* holds a control character/],
    ['a path too long', `${A}  ${'a'.repeat(5000)}\n`, /^line 1: 5066 bytes, too long/],
    ['a comment', `# list\n${A}  a\n`, /^line 1: expected 64 lower-case/],
  ])('with %s is refused', (_, text, message) => {
    expect(() => parseHashList(Buffer.from(text))).toThrow(message);
  });

  it('has the SHA-256 of its bytes for a root digest', () => {
    const list = [
      { path: 'a', sha256: A },
      { path: 'b', sha256: B },
    ];
    expect(rootDigest(list)).toBe(createHash('sha256').update(`${A}  a\n${B}  b\n`).digest('hex'));
  });
});

describe('the changes between two hash lists', () => {
  it('are what was added, modified and removed, and nothing else', () => {
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const old = new Map(before.map((entry) => [entry.path, entry.sha256]));
        const now = new Map(after.map((entry) => [entry.path, entry.sha256]));
        expect(compareHashLists(before, after)).toEqual({
          added: after.filter((entry) => !old.has(entry.path)).map((entry) => entry.path),
          modified: after
            .filter((entry) => old.has(entry.path) && old.get(entry.path) !== entry.sha256)
            .map((entry) => entry.path),
          removed: before.filter((entry) => !now.has(entry.path)).map((entry) => entry.path),
        });
      }),
      { numRuns: 100 },
    );
  });
});
