// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MALFORMED_LISTS } from '../../test/lists.js';
import { compareHashLists, formatHashList, type HashEntry, parseHashList, rootDigest } from '../index.js';
import { comparePaths, pathProblem } from '../path.js';
import { MAX_HASH_LIST_BYTES } from './parse.js';

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
  it('a hash list is read as it was written, and written as it was read', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const bytes = textOf(list);
        expect(parseHashList(bytes)).toEqual(list);
        expect(textOf(parseHashList(bytes))).toEqual(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it('a hash list is refused or the very list that is written, whatever is done to its bytes', () => {
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

  it.each(MALFORMED_LISTS)('a hash list with %s is refused', (_, text, message) => {
    expect(() => parseHashList(Buffer.from(text))).toThrow(message);
  });

  it('a hash list larger than memory should hold is refused before it is looked at', () => {
    expect(() => parseHashList(new Uint8Array(MAX_HASH_LIST_BYTES + 1))).toThrow('expected at most');
  });

  it('a hash list has the SHA-256 of its bytes for a root digest', () => {
    const list = [
      { path: 'a', sha256: A },
      { path: 'b', sha256: B },
    ];
    expect(rootDigest(list)).toBe(createHash('sha256').update(`${A}  a\n${B}  b\n`).digest('hex'));
  });
});

describe('the changes between two hash lists', () => {
  it('the changes between two hash lists are what was added, modified and removed, and nothing else', () => {
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

it('a hash list of many pieces reads as what was written, and what is wrong in it has its line', () => {
  // Lines of 67 to 4161 bytes, some of whose characters have three, so that pieces end anywhere in them.
  const entries = Array.from({ length: 300 }, (_, index) => ({
    path: `${String(index).padStart(4, '0')}${'€'.repeat((index * 131) % 1360)}`,
    sha256: index.toString(16).padStart(64, '0'),
  }));
  const bytes = Buffer.concat([...formatHashList(entries)]);
  expect(bytes.length).toBeGreaterThan(8 << 16);
  expect(parseHashList(bytes)).toEqual(entries);
  const broken = Buffer.from(
    bytes.toString().replace(entries[250]?.sha256 ?? '', (sum) => sum.toUpperCase().replace(/^0/, 'G')),
  );
  expect(() => parseHashList(broken)).toThrow('line 251: expected 64 lower-case hexadecimal digits');
});
