// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, readBytes, sliceSource } from '../layout/source.js';
import { patched, tolerate } from '../testing/damage.js';
import { readTree, SHAPES, sampleSource } from '../testing/fat-sample.js';
import { clusterOffset, fatOffset, rootOffset } from './geometry.js';
import { checkFat, openFat } from './index.js';
import { readBootSector } from './parse-boot-sector.js';

const [, FAT16, FAT32] = SHAPES;

describe.each(SHAPES)('a damaged FAT volume %j', (shape) => {
  const source = sampleSource(shape);
  const { geometry } = readBootSector(source);
  const read = (damaged: ByteSource) => tolerate(() => readTree(openFat(damaged)));

  it('a damaged volume is read or refused, whatever bytes change', () => {
    // Where the sample's structures lie: boot sectors, the used part of both tables, folders.
    const place = fc.oneof(
      fc.nat(511),
      fc.nat(8 * 512),
      fc.nat(80).map((at) => fatOffset(geometry, 0) + at),
      fc.nat(80).map((at) => fatOffset(geometry, 1) + at),
      fc.nat(5000).map((at) => rootOffset(geometry) + at),
      fc.nat(5000).map((at) => clusterOffset(geometry, 2) + at),
    );
    const change = fc.tuple(place, fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (patches) => {
        read(patched(source, patches));
      }),
      { numRuns: 400 },
    );
  });

  it('a damaged volume is read or refused, whatever both tables say', () => {
    const change = fc.tuple(fc.nat(80), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const patches = [0, 1].flatMap((copy) =>
          changes.map(([at, value]) => [fatOffset(geometry, copy) + at, value] as const),
        );
        read(patched(source, patches));
      }),
      { numRuns: 200 },
    );
  });

  it('a volume is refused when a bit of the used table flips in one copy', () => {
    for (let at = 0; at < 40; at++) {
      const offset = fatOffset(geometry, 0) + at;
      const [byte = 0] = readBytes(source, offset, 1);
      for (const copy of [0, 1]) {
        const error = read(patched(source, [[fatOffset(geometry, copy) + at, byte ^ (1 << (at % 8))]]));
        expect(error?.message).toContain('copies of the FAT differ');
      }
    }
  });
});

describe('truncation', () => {
  it('truncation of a volume is found at every length', () => {
    const source = sampleSource({ size: 32 * 1024 });
    expect(tolerate(() => checkFat(source))).toBeUndefined();
    for (let size = 0; size < source.size; size++) {
      expect(tolerate(() => checkFat(sliceSource(source, 0, size)))?.code).toBe('truncated');
    }
  });
});

describe('refusals by name', () => {
  const fat16 = sampleSource(FAT16);
  const reader = openFat(fat16);
  const { geometry } = readBootSector(fat16);
  const efi = reader.find('EFI/BOOT/BOOTX64.EFI').firstCluster;
  const profile = reader.find('größe/deep/er/.profile').firstCluster;
  const boot = reader.find('EFI/BOOT').firstCluster;
  /** Sets a table entry in both copies. */
  const entry = (cluster: number, value: number) =>
    [0, 1].flatMap((copy) => {
      const at = fatOffset(geometry, copy) + 2 * cluster;
      return [[at, value & 0xff] as const, [at + 1, value >> 8] as const];
    });
  const inFolder = (cluster: number, index: number, at: number) =>
    clusterOffset(geometry, cluster) + 32 * index + at;
  const inRoot = (index: number, at: number) => rootOffset(geometry) + 32 * index + at;
  /** The root holds its label, three entries of a long name, and the entry that it belongs to. */
  const firstShort = inRoot(4, 0);

  it.each<[string, readonly (readonly [number, number])[]]>([
    ['loops or crosses', entry(efi, efi)],
    ['loops or crosses', entry(efi + 8, efi)],
    ['loops or crosses', entry(efi + 3, profile)],
    ['leads to cluster 65000', entry(efi, 65000)],
    ['leads to cluster 1,', entry(efi, 1)],
    ['to a free one', entry(efi + 3, 0)],
    ['to a bad one', entry(efi + 3, 0xfff7)],
    ['its chain has 3 clusters, its size needs 10', entry(efi + 2, 0xffff)],
    ['longer than the 2 clusters', entry(profile + 1, 4000).concat(entry(4000, 0xffff))],
    ['cluster 4000 is taken but belongs to no file', entry(4000, 0xffff)],
    ['FAT entry 0', entry(0, 0xfff0)],
    ['not cleanly unmounted', entry(1, 0x7fff)],
    ['marked as not cleanly unmounted', [[37, 1]]],
    ['entry "." is missing', [[inFolder(boot, 0, 26), 99]]],
    ['entry ".." is missing', [[inFolder(boot, 1, 26), 99]]],
    ['loops or crosses', [[inFolder(boot, 2, 26), boot]]],
    ['belongs to no entry', [[firstShort, 0x42]]],
    ['belongs to no entry', [[firstShort, 0xe5]]],
    ['where it does not belong', [[inRoot(2, 0), 9]]],
    ['is no short name', [[inFolder(boot, 2, 3), 0x2a]]],
    ['has size 0 and starts at cluster', [28, 29].map((at) => [inFolder(boot, 2, at), 0] as const)],
    ['of which only the low six bits', [[inFolder(boot, 2, 11), 0x80]]],
    ['is a volume label', [[inFolder(boot, 2, 11), 8]]],
    ['is "SAMPLE" in the boot sector and "SAMPLF" in the root', [[inRoot(0, 5), 0x46]]],
    ['is "SAMPLF" in the boot sector', [[48, 0x46]]],
    ['is "SAMPLE" in the boot sector and missing', [[inRoot(0, 0), 0xe5]]],
    ['is missing in the boot sector', [[38, 0]]],
    ['holds what no label may', [[inRoot(0, 5), 0x2a]]],
    ['is a volume label with content', [[inRoot(0, 28), 1]]],
    ['more follows entry', [[inRoot(200, 0), 0x41]]],
    ['sector size is 513', [[11, 1]]],
    ['sectors per cluster is 3', [[13, 3]]],
    ['reserved sectors is 0', [[14, 0]]],
    ['number of FATs is 0', [[16, 0]]],
    ['root entries is 513', [[17, 1]]],
    [
      'total sectors is 0 and 0',
      [
        [19, 0],
        [20, 0],
      ],
    ],
    ['media byte is 1', [[21, 1]]],
    ['sectors per FAT is 1', [[22, 1]]],
    ['begin with a jump', [[0, 0]]],
    ['end in 55 AA', [[511, 0]]],
  ])('a damaged volume is refused by name: %s (%#)', (message, patches) => {
    const error = tolerate(() => openFat(patched(fat16, patches)));
    expect(error?.message).toContain(message);
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    ['the upper half of a cluster number, which FAT16 has not', [[inFolder(boot, 2, 20), 1]]],
    [
      'a folder that is hidden and archived',
      [11, 43].map((byte) => [clusterOffset(geometry, boot) + byte, 0x32]),
    ],
    [
      'no extended boot record, and no label',
      [
        [38, 0],
        [inRoot(0, 0), 0xe5],
      ],
    ],
    [
      'sector counts of both widths that agree',
      [
        [32, 0x00],
        [33, 0x18],
        [19, 0x00],
        [20, 0x18],
      ],
    ],
    ['reserved bits of the state', [[37, 0x40]]],
  ])('%s is no fault', (_, patches) => {
    expect(tolerate(() => openFat(patched(fat16, patches)))).toBeUndefined();
  });

  const fat32 = sampleSource(FAT32);
  /** Makes the same change to the boot sector and its backup. */
  const both = (at: number, value: number) => [[at, value] as const, [6 * 512 + at, value] as const];
  it.each<[string, readonly (readonly [number, number])[]]>([
    ['its backup in sector 6 differs', [[80, 7]]],
    ['FAT32 version is 1', both(42, 1)],
    ['not kept equal', both(40, 0x80)],
    ['root cluster is 1', both(44, 1)],
    ['FSInfo sector is 200', both(48, 200)],
    ['backup sector is 0', both(50, 0)],
    ['backup sector is 200', both(50, 200)],
    ['no FSInfo sector', [[512, 0]]],
    ['FSInfo says', [[512 + 488, 7]]],
  ])('a damaged FAT32 volume is refused by name: %s', (message, patches) => {
    const error = tolerate(() => openFat(patched(fat32, patches)));
    expect(error?.message).toContain(message);
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    ['another boot code than that of its backup', [[200, 7]]],
    ['no FSInfo sector', both(48, 0)],
    ['a hint at a cluster that does not exist', [[512 + 495, 7]]],
    ['reserved bytes', both(55, 1)],
  ])('FAT32: %s is no fault', (_, patches) => {
    expect(tolerate(() => openFat(patched(fat32, patches)))).toBeUndefined();
  });

  it.each<[string, readonly (readonly [number, number])[]]>([
    [
      'sectors of 8 KiB',
      [
        [11, 0],
        [12, 0x20],
      ],
    ],
    ['FAT32 of another version', both(42, 1)],
    ['copies of the table that are not kept equal', both(40, 0x80)],
  ])('%s are unsupported, not corrupt', (_, patches) => {
    expect(tolerate(() => openFat(patched(fat32, patches)))?.code).toBe('unsupported');
  });
});
