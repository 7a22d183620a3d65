// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ImageErrorCode } from '../error.js';
import { type ByteSource, bytesSource } from '../layout/source.js';
import { patched, tolerate } from '../testing/damage.js';
import { buildErofs, readErofs, type Sample } from '../testing/erofs.js';
import { checkErofs, openErofs } from './index.js';

type Patch = readonly [number, number];

/** The bytes of a little-endian number, as patches. */
const number = (at: number, value: number | bigint, length: number): Patch[] =>
  Array.from({ length }, (_, index) => [at + index, Number((BigInt(value) >> BigInt(8 * index)) & 0xffn)]);
const text = (at: number, value: string): Patch[] =>
  Array.from(value, (character, index) => [at + index, character.charCodeAt(0)]);

const SAMPLES: Sample[] = [
  { path: 'd/aa', content: new Uint8Array(10) },
  { path: 'd/bb', content: new Uint8Array(9000) },
  { path: 'd/cc', type: 'folder' },
  { path: 'd/cc/in', content: new Uint8Array(4096) },
  { path: 'd/dd', type: 'hard-link', target: 'd/aa' },
  { path: 'link', type: 'symbolic-link', target: 'd/aa' },
  {
    path: 'x',
    content: new Uint8Array(3),
    xattrs: new Map([
      ['user.aa', Uint8Array.of(1, 2, 3)],
      ['user.bb', Uint8Array.of(1, 2, 3)],
    ]),
  },
  { path: 'null', type: 'character-device', device: { major: 1, minor: 3 } },
];

/** Where the feature is that a checksum is there: without it, what is damaged is not found by that alone. */
const FEATURES = 1024 + 8;
const sound = buildErofs(SAMPLES).bytes;
const unchecked = patched(bytesSource(sound), number(FEATURES, 2, 4));
const image = openErofs(unchecked);
const inodeAt = (path: string) => image.find(path).places.inode;
/** Where the names of a small folder stand: behind its inode. */
const namesOf = (path: string) => image.find(path).places.behind;

const readAll = (source: ByteSource) => {
  readErofs(openErofs(source));
  checkErofs(source);
};
const faultOf = (patches: readonly Patch[]) => tolerate(() => readAll(patched(unchecked, patches)));

describe('a damaged EROFS file system', () => {
  it('the sample itself is sound', () => {
    expect(faultOf([])).toBeUndefined();
    expect(tolerate(() => readAll(bytesSource(sound)))).toBeUndefined();
  });

  it('a damaged file system is read or refused, whatever bytes change', () => {
    const metadata = fc.oneof(
      fc.integer({ min: 1024, max: 1024 + 128 + 64 }),
      ...['d', 'd/aa', 'd/bb', 'd/cc', 'link', 'x', 'null'].map((path) =>
        fc.nat(160).map((at) => Math.min(inodeAt(path) + at, sound.length - 1)),
      ),
      fc.nat(sound.length - 1),
    );
    const value = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0xff));
    fc.assert(
      fc.property(fc.array(fc.tuple(metadata, value), { minLength: 1, maxLength: 4 }), (patches) => {
        faultOf(patches);
      }),
      { numRuns: 1500 },
    );
  });

  it('a file system that is cut anywhere is refused', () => {
    fc.assert(
      fc.property(fc.nat(sound.length - 1), (length) => {
        const cut = bytesSource(sound.subarray(0, length));
        expect(tolerate(() => readAll(cut))?.code).toBe('truncated');
      }),
      { numRuns: 100 },
    );
  });

  const d = namesOf('d');
  const [aa, bb, cc, x] = [inodeAt('d/aa'), inodeAt('d/bb'), inodeAt('d/cc'), inodeAt('x')];
  const names = d + 6 * 12;
  it.each<[string, ImageErrorCode, readonly Patch[]]>([
    ['no EROFS superblock', 'bad-magic', [[1024, 0]]],
    ['does not match its checksum', 'corrupt', [...number(FEATURES, 3, 4), [1024 + 64, 1]]],
    ['blocks of 2^8 bytes', 'unsupported', [[1024 + 12, 8]]],
    ['blocks of 2^17 bytes', 'unsupported', [[1024 + 12, 17]]],
    ['has the features 0x80', 'unsupported', [[1024 + 80, 0x80]]],
    ['on other devices', 'unsupported', [[1024 + 86, 1]]],
    ['folders in blocks of another size', 'unsupported', [[1024 + 90, 1]]],
    ['there are 0 blocks', 'corrupt', number(1024 + 36, 0, 4)],
    ['what holds it only', 'truncated', number(1024 + 36, 100, 4)],
    ['holds the number', 'corrupt', number(1024 + 16, -1n << 60n, 8)],
    ['inode 65535 lies outside', 'corrupt', number(1024 + 14, 0xffff, 2)],
    ['is the root, and no folder', 'corrupt', number(1024 + 14, aa / 32, 2)],
    ['superblock says 10 inodes, found 9', 'corrupt', number(1024 + 16, 10, 8)],
    ['lies outside the file system', 'corrupt', number(1024 + 40, 1000, 4)],

    ['has the format 0x20', 'unsupported', number(aa, 0x20, 2)],
    ['has the format 0xb', 'unsupported', number(aa, 0xb, 2)],
    ['is compressed', 'unsupported', number(aa, 0x7, 2)],
    ['is compressed', 'unsupported', number(aa, 0x3, 2)],
    ['has the mode 0644', 'corrupt', number(aa + 4, 0o644, 2)],
    ['is a folder in which "aa" is a file, but a fifo', 'corrupt', number(aa + 4, 0o010644, 2)],
    ['has a size of 9223372036854775808', 'corrupt', number(aa + 8, 1n << 63n, 8)],
    ['content, which pass the end', 'corrupt', number(bb + 8, 1 << 30, 8)],
    ['content, which pass the end', 'corrupt', number(bb + 16, 0xffff_0000, 4)],
    ['crosses into the next block', 'corrupt', number(aa + 8, 4095, 8)],
    ['has a time of', 'corrupt', number(aa + 32, 1n << 62n, 8)],
    ['has a time of', 'corrupt', number(aa + 40, 1_000_000_000, 4)],
    ['attributes that pass the end', 'corrupt', number(aa + 2, 0xffff, 2)],
    ['has more names than links', 'corrupt', number(aa + 44, 1, 4)],
    ['has more names than its 2 links', 'corrupt', number(d + 3 * 12, aa / 32, 8)],
    ['names fewer than links', 'corrupt', number(aa + 44, 3, 4)],
    ['has a name, and no links', 'corrupt', number(bb + 44, 0, 4)],
    ['is a folder of 1 folders with 4 links', 'corrupt', number(inodeAt('d') + 44, 4, 4)],

    ['is a folder of 4294967296 bytes', 'corrupt', number(cc + 8, 2 ** 32, 8)],
    ['is a folder whose names begin at 13', 'corrupt', number(d + 8, 13, 2)],
    ['is a folder whose names begin at 0', 'corrupt', number(d + 8, 0, 2)],
    ['is a folder whose names begin at 1200', 'corrupt', number(d + 8, 1200, 2)],
    ['is a folder with a name from', 'corrupt', number(d + 12 + 8, 4000, 2)],
    ['is a folder with a name from', 'corrupt', number(d + 12 + 8, 3, 2)],
    ['is a folder with the name "a/"', 'corrupt', text(names + 3, 'a/')],
    ['is a folder with the name "a\\u0000"', 'corrupt', text(names + 3, 'a\0')],
    ['is a folder with the name ""', 'corrupt', text(names + 9, '\0\0')],
    ['is a folder with "aa" twice', 'corrupt', text(names + 5, 'aa')],
    ['is a folder with "bb" behind "zz"', 'corrupt', text(names + 3, 'zz')],
    ['is a folder with "!!" behind', 'corrupt', text(names + 1, '!!')],
    [
      'without its own . and ..',
      'corrupt',
      [...text(names + 1, '.!'), ...number(d + 12, aa / 32, 8), [d + 12 + 10, 1]],
    ],
    ['without its own . and ..', 'corrupt', number(d, 1, 8)],
    ['"aa" is of type 9', 'corrupt', number(d + 2 * 12 + 10, 9, 1)],
    ['"aa" is inode 18446744073709551615', 'corrupt', number(d + 2 * 12, 2n ** 64n - 1n, 8)],
    ['lies outside the file system', 'corrupt', number(d + 2 * 12, 1 << 30, 8)],
    ['"aa" is a file, but a folder', 'corrupt', number(d + 2 * 12, cc / 32, 8)],
    ['is a folder in which .. is inode', 'corrupt', number(d + 12, cc / 32, 8)],
    ['reached a second time, as "d/cc"', 'corrupt', number(d + 4 * 12, inodeAt('d') / 32, 8)],
    ['reached a second time, as "d/cc"', 'corrupt', number(d + 4 * 12, image.root.nid, 8)],

    ['symbolic link of 0 bytes', 'corrupt', number(inodeAt('link') + 8, 0, 8)],
    ['symbolic link of 4096 bytes', 'corrupt', number(inodeAt('link') + 8, 4096, 8)],
    ['symbolic link with a NUL', 'corrupt', [[inodeAt('link') + 65, 0]]],

    ['shares 9 attributes', 'corrupt', [[x + 64 + 4, 9]]],
    [
      'shares an attribute that passes the end',
      'corrupt',
      [[x + 64 + 4, 1], ...number(x + 64 + 12, 1 << 30, 4)],
    ],
    ['an attribute that passes the end', 'corrupt', number(x + 64 + 12 + 2, 4000, 2)],
    ['an attribute that passes the end', 'corrupt', [[x + 64 + 12, 200]]],
    ['the attribute "user.aa" twice', 'corrupt', text(x + 64 + 12 + 12 + 4, 'aa')],
    ['an attribute with the prefix 0', 'corrupt', [[x + 64 + 13, 0]]],
    ['an attribute with a long prefix', 'unsupported', [[x + 64 + 13, 0x81]]],
  ])('a file system is refused that has %s: %s (%#)', (message, code, patches) => {
    const error = faultOf(patches);
    expect(error?.message).toContain(message);
    expect(error?.code).toBe(code);
  });

  it('two inodes that lie one over the other are found', () => {
    // Another file, half an inode further on: its first words are the last of the one before, which are free.
    const inside = aa + 32;
    const error = tolerate(() =>
      checkErofs(
        patched(unchecked, [
          ...number(inside, 0, 4),
          ...number(inside + 4, 0o100644, 2),
          ...number(inside + 6, 1, 2),
          ...number(d + 3 * 12, inside / 32, 8),
        ]),
      ),
    );
    expect(error).toMatchObject({ code: 'corrupt' });
    expect(error?.message).toMatch(/lies where another one does/);
  });

  it('folders that share their names cannot make a walk longer than the file system', () => {
    const folders: Sample[] = Array.from({ length: 400 }, (_, index) => ({
      path: `many/f${index}`,
      type: 'folder',
    }));
    const files: Sample[] = Array.from({ length: 4000 }, (_, index) => ({ path: `big/${index}-of-them` }));
    const { bytes } = buildErofs([...folders, ...files]);
    const source = patched(bytesSource(bytes), number(FEATURES, 2, 4));
    const reader = openErofs(source);
    const big = reader.find('big');
    const bomb = [...reader.list(reader.find('many'))].flatMap(({ inode: { places } }) => [
      ...number(places.inode, 1, 2),
      ...number(places.inode + 8, big.size, 8),
      ...number(places.inode + 16, big.places.content, 4),
    ]);
    const patches = new Map(bomb);
    const bombed: ByteSource = {
      size: source.size,
      readInto(into, offset) {
        source.readInto(into, offset);
        for (let index = 0; index < into.length; index++)
          into[index] = patches.get(offset + index) ?? into[index] ?? 0;
      },
    };
    let met = 0;
    const error = tolerate(() => {
      for (const _ of openErofs(bombed).walk()) met++;
    });
    expect(error?.code).toBe('corrupt');
    expect(met).toBeLessThan(20_000);
  });

  it('a path that Linux does not take is unsupported', () => {
    const path = Array.from({ length: 17 }, () => 'n'.repeat(250)).join('/');
    const error = tolerate(() => readErofs(openErofs(buildErofs([{ path }]).image)));
    expect(error).toMatchObject({ code: 'unsupported' });
  });
});

describe('openErofs', () => {
  it('what is not there, or of another type, is not found', () => {
    expect(() => image.find('d/zz')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => image.find('d/aa/b')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => image.open(image.root)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => image.target(image.root)).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(() => [...image.list(image.find('x'))]).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('a file is read in part, and not past its end', () => {
    const file = image.open(image.find('d/bb'));
    const into = new Uint8Array(10);
    file.readInto(into, 8990);
    expect(() => file.readInto(into, 8991)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });
});
