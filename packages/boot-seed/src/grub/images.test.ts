// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeBootImage, makeCoreImage } from '../testing/make-grub.js';
import { bootCodeOf, patchBootImage } from './boot-image.js';
import { placeCoreImage } from './core-image.js';

const unfit = expect.objectContaining({ code: 'grub-unfit-image', kind: 'unfulfilled' });
const badPlace = expect.objectContaining({ code: 'bad-place' });
const sector = fc.integer({ min: 1, max: 2 ** 40 });
const noSector = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 40 }).filter((offset) => offset % 512 !== 0),
  fc.constantFrom(0, -512, Number.NaN, 2 ** 60),
);

describe('patchBootImage', () => {
  it('patching boot.img writes the sector of the core image and two NOPs, and nothing else', () => {
    fc.assert(
      fc.property(sector, (at) => {
        const before = makeBootImage();
        const after = Buffer.from(patchBootImage(before, at * 512));
        expect(after.readBigUInt64LE(0x5c)).toBe(BigInt(at));
        expect([...after.subarray(0x64, 0x68)]).toEqual([0xff, before[0x65], 0x90, 0x90]);
        before.copy(after, 0x5c, 0x5c, 0x64);
        before.copy(after, 0x66, 0x66, 0x68);
        expect(after.equals(before)).toBe(true);
      }),
    );
  });

  it('the boot code ends before the disk signature and the partition table', () => {
    expect(bootCodeOf(makeBootImage())).toHaveLength(440);
  });

  it('patching refuses bytes that are no boot.img', () => {
    const others = [0, 511, 513, 1024].map((size) => makeBootImage().subarray(0, size));
    const changed = [0x64, 0x66, 510, 511].map((at) => {
      const image = makeBootImage();
      image[at] = 0x77;
      return image;
    });
    for (const image of [...others.filter(({ length }) => length !== 512), ...changed]) {
      expect(() => patchBootImage(image, 512)).toThrow(unfit);
    }
  });

  it('patching refuses a place that is no sector after the first', () => {
    fc.assert(
      fc.property(noSector, (at) => {
        expect(() => patchBootImage(makeBootImage(), at)).toThrow(badPlace);
      }),
    );
  });
});

describe('placeCoreImage', () => {
  it('placing core.img lists the sectors after the first as one run, and fills the last', () => {
    fc.assert(
      fc.property(sector, fc.integer({ min: 513, max: 20_000 }), (at, size) => {
        const before = makeCoreImage(size);
        const after = Buffer.from(placeCoreImage(before, at * 512));
        expect(after.length).toBe(Math.ceil(size / 512) * 512);
        expect(after.readBigUInt64LE(500)).toBe(BigInt(at) + 1n);
        expect(after.readUInt16LE(508)).toBe(after.length / 512 - 1);
        expect(after.readUInt16LE(510)).toBe(0x820);
        expect(after.subarray(0, 500).equals(before.subarray(0, 500))).toBe(true);
        expect(after.subarray(512, size).equals(before.subarray(512))).toBe(true);
        expect(after.subarray(size).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  it('placing refuses a core.img of a size that cannot be loaded below the video memory', () => {
    const most = (0xa000 - 0x820) * 16 + 512;
    expect(placeCoreImage(makeCoreImage(most), 512)).toHaveLength(most);
    for (const size of [0, 1, 512, most + 1]) {
      expect(() => placeCoreImage(makeCoreImage(size), 512)).toThrow(unfit);
    }
  });

  it('placing refuses a first sector without a block list, and a place that is no sector', () => {
    for (const at of [508, 511]) {
      const image = makeCoreImage(2000);
      image.writeUInt8(0, at);
      image.writeUInt8(0, at === 508 ? 509 : 511);
      expect(() => placeCoreImage(image, 512)).toThrow(unfit);
    }
    fc.assert(
      fc.property(noSector, (at) => {
        expect(() => placeCoreImage(makeCoreImage(2000), at)).toThrow(badPlace);
      }),
    );
  });
});
