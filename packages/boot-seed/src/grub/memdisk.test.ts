// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEfiLoader, makeTar } from '../testing/make-grub.js';
import { normalizeMemdisk } from './memdisk.js';

const unfit = expect.objectContaining({ code: 'grub-unfit-image' });
const TIME = 1_700_000_000;
const MEMDISK = 1;
const MODULE = [0, Buffer.from('a module')] as const;

const files = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^([a-z0-9_-]{1,12}\/){0,4}[a-z0-9_-]{1,30}\.mod$/),
    content: fc.string({ maxLength: 700 }),
    time: fc.nat(),
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 8 },
);
const loaderOf = (tar: Buffer) => makeEfiLoader([MODULE, [MEMDISK, tar], MODULE]);

/** Compares bytes quickly: a matcher that shows differences takes its time. */
const sameAs = (expected: Uint8Array) => (bytes: Uint8Array) => Buffer.compare(bytes, expected) === 0;

describe('normalizeMemdisk', () => {
  it('a normalized loader has the same bytes for every order and every time of the same files', () => {
    const twoOrders = files.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.nat()),
    );
    fc.assert(
      fc.property(twoOrders, ([list, shuffled, time]) => {
        const normalized = normalizeMemdisk(loaderOf(makeTar(list)), TIME);
        const other = makeTar(shuffled.map((file) => ({ ...file, time })));
        expect(normalizeMemdisk(loaderOf(other), TIME)).toSatisfy(sameAs(normalized));
        const sorted = [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
        const wanted = makeTar(sorted.map((file) => ({ ...file, time: TIME })));
        expect(normalized).toSatisfy(sameAs(loaderOf(wanted)));
      }),
      { numRuns: 50 },
    );
  });

  it('normalizing a loader leaves the bytes that were given unchanged', () => {
    const loader = loaderOf(makeTar([{ name: 'a', content: 'x', time: 5 }]));
    const before = Buffer.from(loader);
    normalizeMemdisk(loader, TIME);
    expect(loader).toEqual(before);
  });

  it('normalizing refuses a loader without a memdisk, and a damaged one', () => {
    const tar = makeTar([{ name: 'a', content: 'some content', time: 5 }]);
    const badSum = Buffer.from(tar);
    badSum[3] = 0x41;
    const link = Buffer.from(tar);
    link.write('2', 156);
    link.write('000000\0 ', 148);
    const badMagic = loaderOf(tar);
    badMagic.write('mimx', 512);
    const endless = loaderOf(tar);
    endless.writeUInt32LE(0, 512 + 24 + 4);
    const refused: [string, Buffer][] = [
      ['empty', Buffer.alloc(0)],
      ['zeros', Buffer.alloc(4096)],
      ['no section', makeEfiLoader([[MEMDISK, tar]], 'text')],
      ['no memdisk', makeEfiLoader([MODULE])],
      ['another mark', badMagic],
      ['an object of no length', endless],
      ['an object cut off', loaderOf(tar).subarray(0, 700)],
      ['a bad checksum', loaderOf(badSum)],
      ['a link', loaderOf(link)],
      ['a file cut off', makeEfiLoader([[MEMDISK, tar.subarray(0, 600)]])],
    ];
    for (const [name, loader] of refused) {
      expect(() => normalizeMemdisk(loader, TIME), name).toThrow(unfit);
    }
  });
});
