// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes } from '../layout/source.js';
import { buildIso, content, EPOCH, readIso } from '../testing/iso.js';
import { type IsoSpec, layoutIso, openIso, planIso } from './index.js';

const SECTOR = 2048;
const refusal = (code: string) => expect.objectContaining({ code });

const names = fc.oneof(
  fc.stringMatching(/^[a-c.]{1,3}$/),
  fc.stringMatching(/^[A-Za-z0-9 ._-]{1,40}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.constantFrom('x'.repeat(255), `${'y'.repeat(250)}.txt`, 'é'.repeat(127), 'z'.repeat(139)),
);
const writable = names.filter(
  (name) => !/[/\0-\x1f\x7f]|^\.{1,2}$|\p{Surrogate}/u.test(name) && Buffer.byteLength(name) <= 255,
);
/** Names of files and of folders differ, so that no path runs through a file. */
const fileNames = writable.filter((name) => !name.startsWith('in '));
const folderNames = writable.map((name) => `in ${name}`).filter((name) => Buffer.byteLength(name) <= 255);
const trees = fc
  .array(fc.tuple(fc.array(folderNames, { maxLength: 3 }), fileNames, fc.nat(5000)), { maxLength: 30 })
  .map((files) =>
    Object.fromEntries(files.map(([folders, name, size]) => [[...folders, name].join('/'), size])),
  );

describe('planIso and layoutIso', () => {
  it('any tree reads back as it was written', () => {
    fc.assert(
      fc.property(trees, (files) => {
        const { plan, image } = buildIso(files);
        expect(image.size).toBe(plan.size);
        const read = Object.entries(readIso(openIso(image))).filter(([, bytes]) => bytes !== 'folder');
        const written = Object.entries(files).map(([path, size]) => [path, content(path, size)]);
        expect(Object.fromEntries(read)).toEqual(Object.fromEntries(written));
      }),
      { numRuns: 60 },
    );
  });

  it('every file is placed where the plan says', () => {
    const { plan, image } = buildIso({ 'a/one': 3000, two: 1 }, { alignSize: 65536 });
    expect(plan.size % 65536).toBe(0);
    for (const [path, { offset, size }] of plan.files) {
      expect(offset % SECTOR).toBe(0);
      expect(readBytes(image, offset, size)).toEqual(content(path, size));
    }
  });

  it('the plan obeys alignment, system area and trailer', () => {
    const plan = planIso({
      volumeId: 'V',
      epoch: 0,
      files: [
        { path: 'a', size: 1 },
        { path: 'b', size: 10, align: 65536 },
      ],
      trailerSize: 1000,
      alignSize: 1 << 20,
    });
    expect(plan.files.get('b')?.offset).toBe(65536);
    expect(plan).toMatchObject({ size: 1 << 20, trailer: { offset: (1 << 20) - 1000, size: 1000 } });
    const files = new Map([
      ['a', bytesSource(content('a', 1))],
      ['b', bytesSource(content('b', 10))],
    ]);
    const [systemArea, trailer] = [content('s', 32768), content('t', 1000)].map(bytesSource);
    if (!systemArea || !trailer) throw new TypeError('two sources');
    const image = layoutSource(layoutIso(plan, { files, systemArea, trailer }));
    expect(readBytes(image, 0, 32768)).toEqual(content('s', 32768));
    expect(readBytes(image, plan.trailer.offset, 1000)).toEqual(content('t', 1000));
    expect(readIso(openIso(image))).toEqual({ a: content('a', 1), b: content('b', 10) });
  });

  it('record dates, labels, modes and empty folders', () => {
    const labels = { systemId: 'Sys', publisherId: 'Pub', preparerId: 'Prep', applicationId: 'App' };
    const image = openIso(buildIso({ f: 1 }, { ...labels, folders: ['empty/inside'] }).image);
    expect(image).toMatchObject({ ...labels, volumeId: 'TEST', rockRidge: true, boot: [] });
    expect(image.created).toEqual(new Date(EPOCH * 1000));
    expect(image.modified).toEqual(new Date(EPOCH * 1000));
    expect(image.find('f').mode).toBe(0o100644);
    expect(image.find('/empty/inside')).toMatchObject({ kind: 'folder', mode: 0o040755 });
    expect(image.list(image.find('empty/inside'))).toEqual([]);
  });

  it('boot entries read back as they were written', () => {
    const boot = [
      { platform: 'bios', path: 'l.bin', loadSectors: 4 },
      { platform: 'uefi', path: 'efi.img', loadSectors: 9 },
      { platform: 'uefi', path: 'l.bin', loadSectors: 1 },
    ] as const;
    const { plan, image } = buildIso({ 'l.bin': 2048, 'efi.img': 5000 }, { boot });
    expect(openIso(image).boot).toEqual(
      boot.map(({ platform, path, loadSectors }) => ({
        platform,
        bootable: true,
        emulation: 'none',
        offset: plan.files.get(path)?.offset,
        loadSectors,
      })),
    );
  });

  it('a file above 4 GiB is divided into sections and reads as one', () => {
    const size = 9 * 2 ** 30 + 5;
    const marks: ByteSource = {
      size,
      readInto: (into, offset) => {
        for (let at = 0; at < into.length; at++) into[at] = Math.floor((offset + at) / 1000) % 251;
      },
    };
    const plan = planIso({
      volumeId: 'BIG',
      epoch: 0,
      files: [
        { path: 'big', size },
        { path: 'c', size: 1 },
      ],
    });
    const files = new Map([
      ['big', marks],
      ['c', bytesSource(content('c', 1))],
    ]);
    const image = openIso(layoutSource(layoutIso(plan, { files })));
    const entry = image.find('big');
    expect(entry.extents.map((extent) => extent.size)).toEqual([
      0xfffff800,
      0xfffff800,
      size - 2 * 0xfffff800,
    ]);
    expect(entry.size).toBe(size);
    for (const offset of [0, 0xfffff800 - 5000, 2 * 0xfffff800 - 5000, size - 10_000]) {
      expect(readBytes(image.open(entry), offset, 10_000)).toEqual(readBytes(marks, offset, 10_000));
    }
    expect(image.list(image.root).map(({ name }) => name)).toEqual(['big', 'c']);
  });

  it('an image depends on the input alone', () => {
    const files = { 'b/x': 10, a: 20 };
    const [first, second] = [buildIso(files).image, buildIso(files).image];
    expect(readBytes(first, 0, first.size)).toEqual(readBytes(second, 0, second.size));
  });

  const bad: [string, string, Partial<IsoSpec>][] = [
    ['a leading slash', 'bad-name', { files: [{ path: '/a', size: 1 }] }],
    ['a dot folder', 'bad-name', { files: [{ path: 'a/../b', size: 1 }] }],
    ['a control character', 'bad-name', { files: [{ path: 'a\n', size: 1 }] }],
    ['half a surrogate pair', 'bad-name', { files: [{ path: '\ud800', size: 1 }] }],
    ['a name of 256 bytes', 'bad-name', { files: [{ path: 'é'.repeat(128), size: 1 }] }],
    ['nine levels', 'bad-name', { files: [{ path: 'a/b/c/d/e/f/g/h/i', size: 1 }] }],
    [
      'a path twice',
      'bad-name',
      {
        files: [
          { path: 'a', size: 1 },
          { path: 'a', size: 1 },
        ],
      },
    ],
    [
      'a file as a folder',
      'bad-name',
      {
        files: [
          { path: 'a', size: 1 },
          { path: 'a/b', size: 1 },
        ],
      },
    ],
    ...['/b', '', '.', 'a\n', '\ud800', 'é'.repeat(128)].map((path): [string, string, Partial<IsoSpec>] => [
      `${JSON.stringify(path).slice(0, 20)} behind a good name in the same folder`,
      'bad-name',
      {
        files: [
          { path: 'b', size: 1 },
          { path, size: 1 },
        ],
      },
    ]),
    ['a lower-case volume id', 'bad-name', { volumeId: 'latticra' }],
    ['a publisher that is not ASCII', 'bad-name', { publisherId: 'Ä' }],
    ['a date before 1970', 'too-large', { epoch: -1 }],
    ['a date after 2155', 'too-large', { epoch: Date.UTC(2156, 0, 1) / 1000 }],
    ['16 TiB', 'too-large', { files: [{ path: 'a', size: 2 ** 44 }] }],
    ['an alignment of 1000', 'out-of-range', { files: [{ path: 'a', size: 1, align: 1000 }] }],
    [
      'a boot image that is missing',
      'not-found',
      { boot: [{ platform: 'bios', path: 'x', loadSectors: 4 }] },
    ],
    [
      'a boot image of no sectors',
      'too-large',
      { files: [{ path: 'x', size: 1 }], boot: [{ platform: 'bios', path: 'x', loadSectors: 0 }] },
    ],
  ];
  it.each(bad)('planIso refuses %s', (_, code, spec) => {
    expect(() => planIso({ volumeId: 'V', epoch: 0, files: [], ...spec })).toThrow(refusal(code));
  });

  it('layoutIso refuses content that is missing or of another size', () => {
    const plan = planIso({ volumeId: 'V', epoch: 0, files: [{ path: 'a', size: 1 }] });
    expect(() => layoutIso(plan, { files: new Map() })).toThrow(refusal('not-found'));
    const two = new Map([['a', bytesSource(new Uint8Array(2))]]);
    expect(() => layoutIso(plan, { files: two })).toThrow(refusal('out-of-range'));
  });
});
