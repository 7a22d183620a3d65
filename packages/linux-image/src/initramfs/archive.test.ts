// SPDX-License-Identifier: Apache-2.0
import { bytesSource, type Layout, layoutSource, readBytes } from '@latticra/disk-image';
import { inspect } from '@latticra/disk-image/inspect';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinuxImageError } from '../error.js';
import type { ArchiveEntry } from './entry.js';
import { readArchive } from './read.js';
import { createArchive } from './write.js';

const bytesOf = (layout: Layout) => readBytes(layoutSource(layout), 0, layout.size);
const read = (bytes: Uint8Array) => readArchive(bytesSource(bytes));

/** Trees of two levels: folders, and files in them and beside them. */
const names = fc.stringMatching(/^[A-Za-z0-9_+@-][A-Za-z0-9._+@-]{0,20}$/);
const files = fc.record({
  path: names,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  content: fc.uint8Array({ maxLength: 50 }),
});
const trees = fc
  .uniqueArray(
    fc.record({
      path: names,
      mode: fc.integer({ min: 0, max: 0o7777 }),
      inside: fc.uniqueArray(files, { selector: ({ path }) => path, maxLength: 4 }),
    }),
    { selector: ({ path }) => path, maxLength: 4 },
  )
  .map((folders): ArchiveEntry[] =>
    folders.flatMap(({ path, mode, inside }) => [
      { path, mode, content: undefined },
      ...inside.map((file) => ({ ...file, path: `${path}/${file.path}` })),
    ]),
  );

const SAMPLE: ArchiveEntry[] = [
  { path: 'latticra', mode: 0o755, content: undefined },
  { path: 'latticra/init', mode: 0o755, content: Buffer.from('#!/bin/sh\n') },
];

it('what was written is read, and writing what was read gives the same bytes', () => {
  fc.assert(
    fc.property(trees, (entries) => {
      const bytes = bytesOf(createArchive(entries));
      const found = read(bytes);
      expect(found).toEqual(entries);
      expect(bytesOf(createArchive(found))).toEqual(bytes);
    }),
  );
});

it('an archive is what inspection finds to be a whole cpio archive', () => {
  fc.assert(
    fc.property(trees, (entries) => {
      expect(inspect(layoutSource(createArchive(entries)))).toMatchObject({ kind: 'cpio', problems: [] });
    }),
    { numRuns: 30 },
  );
});

it('an archive with any one byte changed is refused, or is another archive of ours', () => {
  const bytes = bytesOf(createArchive(SAMPLE));
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ change;
      try {
        const found = read(changed);
        expect(bytesOf(createArchive(found))).toEqual(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(LinuxImageError);
      }
    }),
    { numRuns: 500 },
  );
});

it('an archive that is cut, and one with something behind it, are refused', () => {
  const bytes = bytesOf(createArchive(SAMPLE));
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
      expect(() => read(bytes.subarray(0, length))).toThrow(LinuxImageError);
    }),
  );
  for (const more of [Buffer.alloc(4), bytes]) {
    expect(() => read(Buffer.concat([bytes, more]))).toThrow(/something behind its end/);
  }
});

it.each([
  ['', /other characters/],
  ['/latticra', /other characters/],
  ['a//b', /other characters/],
  ['a b', /other characters/],
  ['ä', /other characters/],
  ['..', /no entry/],
  ['.', /no entry/],
  ['TRAILER!!!', /other characters/],
  ['a'.repeat(256), /no entry/],
  ['a/b', /folder does not stand in front/],
  ['latticra', /stands twice/],
  ['latticra/init/more', /folder does not stand in front/],
])('an entry called %j is refused', (path, message) => {
  expect(() => createArchive([...SAMPLE, { path, mode: 0o644, content: new Uint8Array(0) }])).toThrow(
    message,
  );
});

it('a mode that is none is refused', () => {
  expect(() => createArchive([{ path: 'a', mode: 0o10000, content: undefined }])).toThrow(/mode is 4096/);
});
