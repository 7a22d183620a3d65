// SPDX-License-Identifier: Apache-2.0
import { lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ImageEntry } from '@latticra/disk-image/files';
import type { Failure } from '@latticra/failure';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linkFault } from './link.js';
import { planExtraction } from './plan.js';

const entry = (path: string, more: Partial<ImageEntry> = {}): ImageEntry => ({
  path,
  type: 'file',
  size: 1,
  mode: undefined,
  target: undefined,
  open: () => expect.unreachable(),
  list: () => expect.unreachable(),
  ...more,
});
const plan = (entries: ImageEntry[], caseSensitive = true) =>
  planExtraction(entries, { maxBytes: 100, caseSensitive });
const refusal = (code: string) => expect.objectContaining({ code });

it.each([
  '..',
  '.',
  'a/../b',
  '/etc/passwd',
  'a//b',
  '',
  'a\\b',
  'a\nb',
  'a\0',
  'a\ufffd',
  'x'.repeat(256),
  `${'é'.repeat(128)}`,
])('an entry called %j is refused', (path) => {
  for (const type of ['file', 'folder', 'other'] as const) {
    expect(() => plan([entry(path, { type })])).toThrow(refusal('unsafe-name'));
  }
});

it('what is said of a name that no command takes can be done', () => {
  const fixOf = (path: string) => {
    try {
      plan([entry(path)]);
    } catch (error) {
      return (error as Failure).fix;
    }
    return expect.unreachable();
  };
  expect(fixOf('a\\b')).toMatch(/latticra disk-image cat/);
  for (const path of ['a\nb', 'a\ufffd', '']) expect(fixOf(path)).not.toMatch(/cat/);
});

it('a file that is kept in a way that is not read is left out by that reason', () => {
  const { files, leftOut } = plan([
    entry('a', { type: 'other', unread: 'compressed by zisofs' }),
    entry('b', { unread: 'compressed' }),
  ]);
  expect(files).toEqual([]);
  expect(leftOut).toEqual([
    { path: 'a', reason: 'a file that is compressed by zisofs, which is not read here' },
    { path: 'b', reason: 'a file that is compressed, which is not read here' },
  ]);
});

it('two entries that would be one file are refused, by case where the folder does not tell it', () => {
  expect(() => plan([entry('a'), entry('a')])).toThrow(refusal('same-name'));
  const clashes = [
    ['Readme', 'README'],
    ['d/\u00e9', 'd/e\u0301'],
    ['ß', 'SS'],
    ['\u0390', '\u0399\u0308\u0301'],
  ] as const;
  for (const [one, other] of clashes) {
    expect(plan([entry(one), entry(other)]).files).toHaveLength(2);
    expect(() => plan([entry(one), entry(other)], false)).toThrow(refusal('same-name'));
    // A link that has the name of a folder would lead what is in that elsewhere.
    const link = entry(one, { type: 'symbolic-link', target: 'x' });
    expect(() => plan([link, entry(other, { type: 'folder' })], false)).toThrow(refusal('same-name'));
  }
});

it('more content than was allowed is refused before any is written', () => {
  expect(plan([entry('a', { size: 60 }), entry('b', { size: 40 })]).files).toHaveLength(2);
  expect(() => plan([entry('a', { size: 60 }), entry('b', { size: 41 })])).toThrow(refusal('too-large'));
});

it('devices are left out, and so are links that lead elsewhere', () => {
  const { links, leftOut } = plan([
    entry('dev', { type: 'other' }),
    entry('in', { type: 'symbolic-link', target: 'x' }),
    entry('out', { type: 'symbolic-link', target: '/etc' }),
  ]);
  expect(links).toEqual([{ path: 'in', target: 'x' }]);
  expect(leftOut.map(({ path }) => path)).toEqual(['dev', 'out']);
});

it.each([
  ['l', '/etc'],
  ['l', '..'],
  ['l', '../x'],
  ['a/l', '../../x'],
  ['a/l', 'b/../../x'],
  ['l', 'a/..'],
  ['l', ''],
  ['l', 'x'.repeat(4096)],
  ['l', 'a\0'],
])('a link %j to %j is not made', (path, target) => {
  expect(linkFault(path, target)).toMatch(/\w/);
});

it.each([
  ['l', 'x'],
  ['l', './x/./y'],
  ['a/l', '../x'],
  ['a/b/l', '../../x'],
  ['a/l', '..'],
])('a link %j to %j stays inside', (path, target) => {
  expect(linkFault(path, target)).toBeUndefined();
});

it('whatever links there are, none of those that are made leads out of the folder', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-links-')));
  const part = fc.constantFrom('a', 'b', 'l', 'm', '..', '.');
  const path = fc
    .array(fc.constantFrom('a', 'b', 'l', 'm'), { minLength: 1, maxLength: 3 })
    .map((names) => names.join('/'));
  const target = fc.array(part, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
  let made = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(path, target), { minLength: 2, maxLength: 6 }), (links) => {
      const inside = mkdtempSync(join(folder, 'x-'));
      for (const [at, to] of links) {
        if (linkFault(at, to) !== undefined) continue;
        const where = join(inside, at);
        // Where a link has the place of a folder, or something the link's, the plan has refused it before.
        const real = (() => {
          try {
            mkdirSync(dirname(where), { recursive: true });
            return realpathSync(dirname(where)) === dirname(where);
          } catch {
            return false;
          }
        })();
        if (!real || lstatSync(where, { throwIfNoEntry: false }) !== undefined) continue;
        symlinkSync(to, where);
        made++;
      }
      for (const [at] of links) {
        try {
          const found = realpathSync(join(inside, at));
          expect(`${found}/`.startsWith(`${inside}/`)).toBe(true);
        } catch (error) {
          expect((error as NodeJS.ErrnoException).code).toMatch(/^(ENOENT|ELOOP|ENOTDIR)$/);
        }
      }
      rmSync(inside, { recursive: true });
    }),
    { numRuns: 100 },
  );
  rmSync(folder, { recursive: true });
  expect(made).toBeGreaterThan(50);
});
