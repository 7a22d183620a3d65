// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../error.js';
import { createLayout, type Extent, type Layout, layoutSource } from '../layout/layout.js';
import { type ByteSource, bytesSource, readBytes, sliceSource } from '../layout/source.js';
import { viewOf } from '../layout/view.js';
import { patched, tolerate } from '../testing/damage.js';
import { checkQcow2, encodeQcow2, openQcow2 } from './index.js';

const CLUSTER = 65536;
const GIB = 2 ** 30;

/** Places in the smallest files {@link encodeQcow2} writes: one cluster each. */
const PLACES = { refcountTable: 1, refcountBlock: 2, l1Table: 3, l2Table: 4, data: 5 };
const at = (place: keyof typeof PLACES) => PLACES[place] * CLUSTER;

const filled = (offset: number, length: number, value: number): Extent => ({
  offset,
  source: bytesSource(new Uint8Array(length).fill(value)),
});
const encoded = (disk: Layout) => layoutSource(encodeQcow2(disk));
const small = encoded(createLayout(3 * CLUSTER, [filled(CLUSTER + 5, 100, 1), filled(2 * CLUSTER, 10, 2)]));

/** Big-endian patch of a 64-bit table entry or header field. */
const entry = (offset: number, value: bigint): [number, number][] =>
  Array.from({ length: 8 }, (_, index) => [
    offset + index,
    Number((value >> BigInt(56 - 8 * index)) & 0xffn),
  ]);

/** Disks of up to a few clusters with a handful of pieces anywhere in them. */
const disks = fc
  .tuple(
    fc.integer({ min: 0, max: 20 * CLUSTER }),
    fc.array(fc.tuple(fc.nat(3 * CLUSTER), fc.integer({ min: 1, max: 2 * CLUSTER })), { maxLength: 6 }),
  )
  .map(([size, pieces]) => {
    let end = 0;
    const extents: Extent[] = [];
    for (const [gap, length] of pieces) {
      if (end + gap + length > size) break;
      extents.push(filled(end + gap, length, 1 + (extents.length % 255)));
      end += gap + length;
    }
    return createLayout(size, extents);
  });

describe('encodeQcow2', () => {
  it('reads back as the disk that went in, and checks without a fault', () => {
    fc.assert(
      fc.property(disks, (disk) => {
        const file = encoded(disk);
        const opened = openQcow2(file);
        expect(opened.size).toBe(Math.ceil(disk.size / 512) * 512);
        const expected = readBytes(layoutSource(disk), 0, disk.size);
        expect(Buffer.compare(readBytes(opened, 0, disk.size), expected)).toBe(0);
        expect(checkQcow2(file)).toMatchObject({ leaks: 0, errors: 0, problems: [] });
      }),
      { numRuns: 30 },
    );
  });

  it('allocates the clusters that are touched and no others', () => {
    expect(checkQcow2(small)).toMatchObject({ allocatedClusters: 2, fileClusters: 7 });
  });

  it('takes from 64 GiB only what is on them', () => {
    const disk = createLayout(64 * GIB, [filled(5 * GIB - 3, 1000, 7), filled(64 * GIB - 10, 10, 8)]);
    const file = encodeQcow2(disk);
    expect(file.size).toBeLessThan(12 * CLUSTER);
    const opened = openQcow2(layoutSource(file));
    expect(opened.size).toBe(64 * GIB);
    expect([...readBytes(opened, 5 * GIB - 4, 3)]).toEqual([0, 7, 7]);
    expect([...readBytes(opened, 64 * GIB - 11, 11)]).toEqual([0, ...Array(10).fill(8)]);
    expect(checkQcow2(layoutSource(file))).toMatchObject({ allocatedClusters: 3, leaks: 0, errors: 0 });
  });

  it('counts its own refcount blocks, also where one is not enough', () => {
    const zeros: ByteSource = { size: 5 * GIB, readInto: (into) => into.fill(0) };
    const file = encoded(createLayout(5 * GIB, [{ offset: 0, source: zeros }]));
    const found = checkQcow2(file);
    expect(found).toMatchObject({ allocatedClusters: 81920, leaks: 0, errors: 0 });
    expect(checkQcow2(file, 50_000)).toEqual(found);
  });

  it('makes the disk as large as asked, in whole sectors', () => {
    const disk = createLayout(700, [filled(0, 700, 1)]);
    expect(openQcow2(layoutSource(encodeQcow2(disk))).size).toBe(1024);
    expect(openQcow2(layoutSource(encodeQcow2(disk, { virtualSize: GIB }))).size).toBe(GIB);
  });

  it('refuses a disk that QEMU would not open', () => {
    expect(() => encodeQcow2(createLayout(2 ** 51 + 512, []))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });
});

describe('openQcow2', () => {
  const cases: [string, string, [number, number][]][] = [
    ['another magic', 'bad-magic', [[0, 0]]],
    ['version 4', 'unsupported', [[7, 4]]],
    ['clusters of 256 bytes', 'corrupt', [[23, 8]]],
    ['clusters of 4 MiB', 'corrupt', [[23, 22]]],
    ['a backing file', 'unsupported', [[14, 1]]],
    ['encryption', 'unsupported', [[35, 1]]],
    ['the dirty bit', 'corrupt', [[79, 1]]],
    ['the corrupt bit', 'corrupt', [[79, 2]]],
    ['an external data file', 'unsupported', [[79, 4]]],
    ['extended L2 entries', 'unsupported', [[79, 16]]],
    ['an unknown feature', 'unsupported', [[72, 1]]],
    [
      'zstd',
      'unsupported',
      [
        [79, 8],
        [104, 1],
      ],
    ],
    ['an odd header length', 'corrupt', [[103, 113]]],
    ['refcounts of 128 bits', 'corrupt', [[99, 7]]],
    ['a huge disk', 'unsupported', [[24, 1]]],
    ['too few L1 entries', 'corrupt', [[39, 0]]],
    ['an L1 table off its cluster', 'corrupt', [[47, 8]]],
    ['an L1 table at the header', 'corrupt', entry(40, 0n)],
    ['an L1 table behind the end', 'truncated', [[43, 1]]],
    ['no refcount table', 'corrupt', [[59, 0]]],
    ['a refcount table behind the end', 'truncated', [[52, 1]]],
  ];
  it.each(cases)('refuses %s by name', (_, code, patches) => {
    expect(tolerate(() => openQcow2(patched(small, patches)))?.code).toBe(code);
  });

  const tables: [string, string, [number, number][]][] = [
    ['an L1 entry with reserved bits', 'corrupt', [[at('l1Table') + 7, 1]]],
    ['an L1 entry off its cluster', 'corrupt', [[at('l1Table') + 6, 2]]],
    ['an L1 entry behind the end', 'truncated', [[at('l1Table') + 3, 1]]],
    ['an L2 entry with reserved bits', 'corrupt', [[at('l2Table') + 15, 2]]],
    ['an L2 entry off its cluster', 'corrupt', [[at('l2Table') + 14, 2]]],
    ['an L2 entry behind the end', 'truncated', [[at('l2Table') + 11, 1]]],
    ['an L2 entry for the header', 'corrupt', entry(at('l2Table') + 8, 1n << 63n)],
    ['compressed data that is none', 'corrupt', entry(at('l2Table') + 8, (1n << 62n) | BigInt(at('data')))],
    ['a compressed entry marked as copied', 'corrupt', [[at('l2Table') + 8, 0xc0]]],
    ['compressed data behind the end', 'truncated', entry(at('l2Table') + 8, (1n << 62n) | (1n << 40n))],
  ];
  it.each(tables)('refuses %s when it gets there', (_, code, patches) => {
    const disk = openQcow2(patched(small, patches));
    expect(tolerate(() => readBytes(disk, 0, disk.size))?.code).toBe(code);
  });

  it('reads zero clusters of version 3, with and without a place, and refuses them in version 2', () => {
    const zero = openQcow2(patched(small, [[at('l2Table') + 15, 1]]));
    expect(readBytes(zero, CLUSTER, CLUSTER).every((byte) => byte === 0)).toBe(true);
    const nowhere = openQcow2(patched(small, entry(at('l2Table') + 8, 1n)));
    expect(readBytes(nowhere, CLUSTER, CLUSTER).every((byte) => byte === 0)).toBe(true);
    const old = openQcow2(
      patched(small, [
        [7, 2],
        [at('l2Table') + 15, 1],
      ]),
    );
    expect(tolerate(() => readBytes(old, CLUSTER, 1))?.code).toBe('corrupt');
  });

  it('reads a compressed cluster, and refuses one of another length', () => {
    const withStream = (content: Uint8Array) => {
      const file = readBytes(small, 0, small.size);
      file.set(deflateRawSync(content), at('data') + 77);
      viewOf(file).setBigUint64(at('l2Table') + 8, (1n << 62n) | (1n << 54n) | BigInt(at('data') + 77));
      return openQcow2(bytesSource(file));
    };
    const content = new Uint8Array(CLUSTER).map((_, index) => index >> 8);
    expect(readBytes(withStream(content), CLUSTER, CLUSTER)).toEqual(content);
    expect(readBytes(withStream(content), CLUSTER + 600, 3)).toEqual(content.subarray(600, 603));
    for (const length of [CLUSTER - 1, CLUSTER + 1]) {
      const other = withStream(new Uint8Array(length));
      expect(tolerate(() => readBytes(other, CLUSTER, 1))?.code).toBe('corrupt');
    }
  });

  it('survives any length and any changed bytes', () => {
    const look = (file: ByteSource) => {
      tolerate(() => checkQcow2(file));
      tolerate(() => {
        const disk = openQcow2(file);
        for (const offset of [0, CLUSTER, 2 * CLUSTER, disk.size - 512]) {
          if (offset >= 0 && offset + 512 <= disk.size) readBytes(disk, offset, 512);
        }
      });
    };
    const spots = fc.constantFrom(
      0,
      0,
      at('refcountTable'),
      at('refcountBlock'),
      at('l1Table'),
      at('l2Table'),
    );
    const patches = fc.array(
      fc.tuple(spots, fc.nat(119), fc.nat(255)).map(([spot, index, value]) => [spot + index, value] as const),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(patches, (changes) => look(patched(small, changes))),
      { numRuns: 300 },
    );
    // Every length through the header, then around every boundary.
    const lengths = Array.from({ length: 130 }, (_, length) => length);
    for (let end = CLUSTER; end < small.size; end += CLUSTER) lengths.push(end - 1, end, end + 1, end + 300);
    for (const length of lengths) {
      const cut = sliceSource(small, 0, length);
      const read = () => readBytes(openQcow2(cut), 0, 3 * CLUSTER);
      expect(tolerate(read)?.code).toBe('truncated');
      look(cut);
    }
  });
});

describe('checkQcow2', () => {
  const count = (cluster: number) => at('refcountBlock') + cluster * 2 + 1;
  const cases: [string, [number, number][], object[]][] = [
    ['a leak', [[count(7), 1]], []],
    [
      'a count that is too high',
      [[count(5), 2]],
      [
        { kind: 'leak', offset: at('data'), stored: 2, used: 1 },
        { kind: 'copied-flag', offset: at('data'), stored: 2, used: 1 },
      ],
    ],
    [
      'a count that is too low',
      [[count(4), 0]],
      [
        { kind: 'refcount', offset: at('l2Table'), stored: 0, used: 1 },
        { kind: 'copied-flag', offset: at('l2Table'), stored: 0, used: 1 },
      ],
    ],
    [
      'a guest cluster on top of a table',
      [[at('l2Table') + 13, PLACES.l1Table]],
      [
        { kind: 'refcount', offset: at('l1Table'), stored: 1, used: 2 },
        { kind: 'overlap', offset: at('l1Table'), stored: 1, used: 2 },
        { kind: 'leak', offset: at('data'), stored: 1, used: 0 },
      ],
    ],
    [
      'a missing copied flag',
      [[at('l1Table'), 0]],
      [{ kind: 'copied-flag', offset: at('l2Table'), stored: 1, used: 1 }],
    ],
  ];
  it.each(cases)('finds %s', (_, patches, problems) => {
    expect(checkQcow2(patched(small, patches)).problems).toEqual(problems);
  });

  it('refuses what it does not count', () => {
    expect(tolerate(() => checkQcow2(patched(small, [[63, 1]])))?.code).toBe('unsupported');
    expect(tolerate(() => checkQcow2(patched(small, [[95, 1]])))?.code).toBe('unsupported');
  });

  it('ends where the L1 table names one L2 table over and over', () => {
    const file = readBytes(encoded(createLayout(64 * GIB, [filled(0, 1, 1)])), 0, 6 * CLUSTER);
    const view = viewOf(file);
    for (let index = 0; index < 128; index++) {
      view.setBigUint64(at('l1Table') + index * 8, view.getBigUint64(at('l1Table')));
    }
    expect(() => checkQcow2(bytesSource(file))).toThrow(ImageError);
  });
});
