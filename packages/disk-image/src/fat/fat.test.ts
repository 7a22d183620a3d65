// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutSource } from '../layout/layout.js';
import { bytesSource, readBytes } from '../layout/source.js';
import { optionsFor, readTree, SAMPLE, SHAPES, sampleSource, sorted, trees } from '../testing/fat-sample.js';
import { checkFat, createFat, type FatOptions, openFat } from './index.js';

const refused = (code: string) => expect.objectContaining({ name: 'ImageError', code });

describe.each(SHAPES)('FAT volume %j', (shape) => {
  it('any tree reads back, by list, by path and by the place that the writer names', () => {
    fc.assert(
      fc.property(trees, (tree) => {
        const { layout, files } = createFat(optionsFor(tree, shape));
        const source = layoutSource(layout);
        const reader = openFat(source);
        expect(sorted(readTree(reader))).toEqual(sorted(tree));
        expect(reader.files).toBe(tree.size);
        expect(files.map(({ path }) => path)).toEqual([...tree.keys()].sort());
        for (const { path, offset, size } of files) {
          expect(readBytes(source, offset, size)).toEqual(new Uint8Array(tree.get(path) ?? []));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('a volume is the same whatever order the files come in', () => {
    const options = optionsFor(SAMPLE, shape);
    const volume = (files: FatOptions['files']) => {
      const source = layoutSource(createFat({ ...options, files }).layout);
      return Buffer.from(readBytes(source, 0, source.size));
    };
    expect(volume([...options.files].reverse()).equals(volume(options.files))).toBe(true);
  });

  it('files are found by long and short name in any case', () => {
    const reader = openFat(sampleSource(shape));
    for (const path of ['/efi/boot/bootx64.efi', 'EFI//Boot/BootX64.EFI'])
      expect(reader.find(path).size).toBe(5000);
    expect(reader.find('A LONG NAME, AND A SPACE.TEXT').shortName).toBe('ALONGN~1.TEX');
    expect(reader.find('alongn~2.tex').name).toBe('A long name, another.text');
    expect(reader.find('GRÖSSE'.replace('SS', 'ß')).kind).toBe('folder');
    expect(reader.find('EFI/BOOT/GRUB.CFG')).toMatchObject({
      name: 'grub.cfg',
      shortName: 'GRUB.CFG',
      attributes: 32,
    });
    expect(reader.list('empty')).toEqual([]);
    for (const path of ['nothing', 'EFI/BOOT/x', 'mixed.txt/x', '', '/']) {
      expect(() => reader.find(path)).toThrow(refused('not-found'));
    }
    expect(() => reader.open('EFI')).toThrow(refused('not-found'));
    expect(reader).toMatchObject({
      label: 'SAMPLE',
      volumeId: 0x1a771ca0,
      files: 6,
      folders: 6,
      type: reader.type,
    });
  });
});

describe('createFat', () => {
  const MIB = 1 << 20;
  const empty = { volumeId: 1, timestamp: 0, files: [] };

  it.each([
    [MIB / 4, 12, 512],
    [4 * MIB, 12, 2048],
    [8 * MIB + 1024, 12, 4096],
    [64 * MIB, 16, 2048],
    [511 * MIB, 16, 8192],
    [512 * MIB, 32, 4096],
    [2 ** 36, 32, 32768],
    [2 ** 40, 32, 32768],
  ])('createFat chooses for %i bytes FAT%i with clusters of %i', (size, type, clusterSize) => {
    const volume = createFat({ ...empty, size });
    expect(volume).toMatchObject({ type, clusterSize });
    if (size < 2 ** 37) expect(checkFat(layoutSource(volume.layout))).toMatchObject({ type, clusterSize });
  });

  it('a volume of any size is a good one', () => {
    const sizes = fc.oneof(fc.integer({ min: 48, max: 4096 }), fc.integer({ min: 4096, max: 2 ** 21 }));
    fc.assert(
      fc.property(sizes, fc.constantFrom(undefined, 1, 8), (sectors, sectorsPerCluster) => {
        let volume: ReturnType<typeof createFat>;
        try {
          volume = createFat({
            ...empty,
            size: sectors * 512,
            ...(sectorsPerCluster ? { sectorsPerCluster } : {}),
          });
        } catch (error) {
          // Only a wish for a cluster size can be out of reach.
          if (sectorsPerCluster) return expect(error).toMatchObject({ code: 'out-of-range' });
          throw error;
        }
        expect(checkFat(layoutSource(volume.layout)).files).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('a time outside the range of FAT becomes the nearest that it can hold', () => {
    /** Returns the time and date words of the root's first entry. */
    const written = (timestamp: number) => {
      const { layout, type } = createFat({ ...empty, size: MIB, timestamp, label: 'X' });
      expect(type).toBe(12);
      const entry = Buffer.from(readBytes(layoutSource(layout), 512 * 13, 32));
      return [entry.readUInt16LE(22), entry.readUInt16LE(24), entry[13]];
    };
    expect(written(0)).toEqual([0, 0x21, 0]);
    expect(written(2 ** 40)).toEqual([(23 << 11) | (59 << 5) | 29, (127 << 9) | (12 << 5) | 31, 100]);
    expect(written(1_700_000_001)).toEqual([(22 << 11) | (13 << 5) | 10, (43 << 9) | (11 << 5) | 14, 100]);
  });

  const file = (path: string, size = 1) => ({ path, content: bytesSource(new Uint8Array(size)) });
  const huge = { path: 'a', content: { size: 2 ** 32, readInto: () => {} } };
  it.each<[string, Partial<FatOptions>]>([
    ['out-of-range', { size: 1000 }],
    ['out-of-range', { size: 512 }],
    ['out-of-range', { volumeId: -1 }],
    ['out-of-range', { timestamp: Number.NaN }],
    ['out-of-range', { hiddenSectors: 2 ** 32 }],
    ['out-of-range', { type: 32 }],
    ['out-of-range', { sectorsPerCluster: 3 }],
    ['too-large', { size: 2 ** 41 }],
    ['too-large', { files: [file('a', 300_000)] }],
    ['too-large', { files: [huge] }],
    ['too-large', { files: [file(`${'d/'.repeat(128)}f`)] }],
    [
      'too-large',
      { size: 8 * MIB, files: Array.from({ length: 33000 }, (_, index) => file(`d/File${index}`, 0)) },
    ],
    ['bad-name', { label: 'lower' }],
    ['bad-name', { label: 'TWELVE CHARS' }],
    ['bad-name', { label: '' }],
    ['bad-name', { files: [file('a'), file('A')] }],
    ['bad-name', { files: [file('d/a'), file('D/b')] }],
    ['bad-name', { files: [file('d'), file('d/b')] }],
    ['bad-name', { files: [file('d/b'), file('d')] }],
    ...[
      '',
      '/a',
      'a/',
      'a//b',
      '.',
      '../a',
      'a:b',
      'a\nb',
      'a.',
      'a ',
      '\ud800',
      'a\uffff',
      'x'.repeat(256),
    ].map((path): [string, Partial<FatOptions>] => ['bad-name', { files: [file(path)] }]),
  ])('createFat refuses options as %s, case %#', (code, change) => {
    expect(() => createFat({ ...empty, size: MIB / 4, ...change })).toThrow(refused(code));
  });
});
