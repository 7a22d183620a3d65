// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockPacker } from './packer.js';

/** Places items of these lengths; gives the blocks in the order in which they were closed, with what lies where. */
function pack(lengths: readonly number[]): { readonly item: number; readonly offset: number }[][] {
  const closed: { item: number; offset: number }[][] = [];
  const packer = new BlockPacker<{ item: number; offset: number }[]>(
    () => [],
    (block) => closed.push(block),
  );
  lengths.forEach((length, item) => {
    packer.place(length, (block, offset) => block.push({ item, offset }));
  });
  packer.flush();
  return closed;
}

describe('BlockPacker', () => {
  it('an item goes where the least room is left over', () => {
    // 3000 opens a block, 2000 another; 1000 fits both and fills the first best, 2000 only the second.
    expect(pack([3000, 2000, 1000, 2000])).toEqual([
      [
        { item: 0, offset: 0 },
        { item: 2, offset: 3008 },
      ],
      [
        { item: 1, offset: 0 },
        { item: 3, offset: 2016 },
      ],
    ]);
  });

  it('a block without room for another inode is closed at once, and of nine the fullest', () => {
    expect(pack([4096, 100]).map(([first]) => first?.item)).toEqual([0, 1]);
    const lengths = [3000, 3100, 3200, 3300, 3250, 3150, 3050, 2950, 2900];
    expect(pack(lengths).map(([first]) => first?.item)).toEqual([3, 0, 1, 2, 4, 5, 6, 7, 8]);
  });

  it('no item crosses a block or another, all are there, and each begins in a slot', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 64, max: 4096 }), { maxLength: 60 }), (lengths) => {
        const items = pack(lengths).flatMap((block) => {
          let end = 0;
          for (const { item, offset } of block) {
            expect(offset % 32).toBe(0);
            expect(offset).toBeGreaterThanOrEqual(end);
            end = offset + (lengths[item] ?? 0);
            expect(end).toBeLessThanOrEqual(4096);
          }
          return block.map(({ item }) => item);
        });
        expect(items.sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
      }),
      { numRuns: 200 },
    );
  });
});
