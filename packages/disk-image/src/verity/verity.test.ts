// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../error.js';
import { bytesSource } from '../layout/source.js';
import { patched, tolerate } from '../testing/damage.js';
import { blocksOf, growTree, SALT, UUID } from '../testing/verity.js';
import { planVerity, readVeritySuperblock, verifyVerity, verityTable, writeVerity } from './index.js';

const BLOCK = 4096;
const digest = (block: Uint8Array) => createHash('sha256').update(SALT).update(block).digest();
const codeOf = (run: () => unknown) => tolerateAll(run)?.code;
const tolerateAll = (run: () => unknown): ImageError | undefined => {
  try {
    run();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  return undefined;
};

describe('a hash tree', () => {
  it('the root hash of one block is its digest, and there is no tree', () => {
    const { rootHash, area } = growTree(blocksOf(1));
    expect(Buffer.from(rootHash)).toEqual(digest(blocksOf(1)));
    expect(area).toHaveLength(BLOCK);
  });

  it('the digests of up to 128 blocks stand in one, whose digest is the root hash', () => {
    const data = blocksOf(3);
    const { rootHash, area } = growTree(data);
    const level = new Uint8Array(BLOCK);
    for (const index of [0, 1, 2])
      level.set(digest(data.subarray(index * BLOCK, (index + 1) * BLOCK)), index * 32);
    expect(area).toHaveLength(2 * BLOCK);
    expect(Buffer.from(area.subarray(BLOCK))).toEqual(Buffer.from(level));
    expect(Buffer.from(rootHash)).toEqual(digest(level));
  });

  it.each([
    [1, []],
    [2, [{ start: 1, blocks: 1 }]],
    [128, [{ start: 1, blocks: 1 }]],
    [
      129,
      [
        { start: 2, blocks: 2 },
        { start: 1, blocks: 1 },
      ],
    ],
    [
      128 * 128 + 1,
      [
        { start: 4, blocks: 129 },
        { start: 2, blocks: 2 },
        { start: 1, blocks: 1 },
      ],
    ],
  ])('the levels over %d blocks lie where they belong, the top in front', (dataBlocks, levels) => {
    const plan = planVerity({ dataBlocks, salt: SALT, uuid: UUID });
    expect(plan.levels).toEqual(levels);
    expect(plan.size).toBe(BLOCK * (1 + levels.reduce((sum, { blocks }) => sum + blocks, 0)));
  });

  it('the tree is the same, in whatever pieces the data comes, and holds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 500, max: 99_999 }),
        (blocks, piece) => {
          const data = blocksOf(blocks);
          const { rootHash, area } = growTree(data);
          const other = growTree(data, piece);
          expect(Buffer.compare(other.area, area)).toBe(0);
          expect(Buffer.compare(other.rootHash, rootHash)).toBe(0);
          expect(verifyVerity({ data: bytesSource(data), hash: bytesSource(area), rootHash })).toEqual({
            holds: true,
            faults: [],
            checked: blocks,
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('the tree is the same out of digests that somebody else made of the blocks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 300 }),
        (count, step, given) => {
          const data = blocksOf(count);
          const { rootHash, area } = growTree(data);
          const plan = planVerity({ dataBlocks: count, salt: SALT, uuid: UUID });
          const other = new Uint8Array(plan.size);
          const writer = writeVerity(plan, (bytes, offset) => other.set(bytes, offset));
          const digests = Array.from({ length: count }, (_, block) =>
            createHash('sha256')
              .update(SALT)
              .update(data.subarray(block * BLOCK, (block + 1) * BLOCK))
              .digest(),
          );
          // The first as data, all others as digests, in memory that is used again.
          const first = Math.min(given, count);
          writer.content(data.subarray(0, first * BLOCK));
          const memory = new Uint8Array(step * 32);
          for (let at = first; at < count; at += step) {
            const some = Buffer.concat(digests.slice(at, at + step));
            memory.set(some);
            writer.digests(memory.subarray(0, some.length));
          }
          memory.fill(0);
          expect(Buffer.compare(writer.end(), rootHash)).toBe(0);
          expect(Buffer.compare(other, area)).toBe(0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('digests that are no whole ones, too many, or come in the middle of a block, are refused', () => {
    const plan = planVerity({ dataBlocks: 2, salt: SALT, uuid: UUID });
    const writer = () => writeVerity(plan, () => undefined);
    expect(codeOf(() => writer().digests(new Uint8Array(33)))).toBe('out-of-range');
    expect(codeOf(() => writer().digests(new Uint8Array(96)))).toBe('out-of-range');
    const begun = writer();
    begun.content(new Uint8Array(5));
    expect(codeOf(() => begun.digests(new Uint8Array(32)))).toBe('out-of-range');
  });

  it('data of another length than planned is refused', () => {
    const plan = planVerity({ dataBlocks: 2, salt: SALT, uuid: UUID });
    const write = (length: number) => {
      const writer = writeVerity(plan, () => undefined);
      writer.content(new Uint8Array(length));
      writer.end();
    };
    expect(codeOf(() => write(BLOCK))).toBe('out-of-range');
    expect(codeOf(() => write(BLOCK + 1))).toBe('out-of-range');
    expect(codeOf(() => write(2 * BLOCK + 1))).toBe('out-of-range');
    expect(codeOf(() => write(3 * BLOCK))).toBe('out-of-range');
    expect(codeOf(() => write(2 * BLOCK))).toBeUndefined();
  });

  it.each([
    [{ dataBlocks: 0 }, 'out-of-range'],
    [{ dataBlocks: 1.5 }, 'out-of-range'],
    [{ dataBlocks: 2 ** 52 }, 'out-of-range'],
    [{ salt: new Uint8Array(257) }, 'out-of-range'],
    [{ uuid: 'none' }, 'bad-name'],
  ])('a plan with %j is refused as %s', (options, code) => {
    expect(codeOf(() => planVerity({ dataBlocks: 1, salt: SALT, uuid: UUID, ...options }))).toBe(code);
  });
});

describe('verifyVerity', () => {
  const count = 300;
  const data = blocksOf(count);
  const { rootHash, area } = growTree(data);
  const check = (dataPatches: [number, number][], hashPatches: [number, number][], limit?: number) =>
    verifyVerity({
      data: patched(bytesSource(data), dataPatches),
      hash: patched(bytesSource(area), hashPatches),
      rootHash,
      ...(limit === undefined ? {} : { limit }),
    });
  const flip = (bytes: Uint8Array, at: number): [number, number] => [at, (bytes[at] ?? 0) ^ 1];

  it('a bit that is another in the data is found, by the number of its block', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(count * BLOCK - 1), { minLength: 1, maxLength: 10 }), (places) => {
        const bad = [...new Set(places.map((at) => Math.floor(at / BLOCK)))].sort((a, b) => a - b);
        expect(
          check(
            places.map((at) => flip(data, at)),
            [],
          ),
        ).toEqual({
          holds: false,
          faults: bad.map((block) => ({ kind: 'data', block })),
          checked: count,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('a block of the tree that is another is found, and what it says is not believed', () => {
    // The top in block 1, then three blocks of digests.
    expect(check([], [flip(area, 3 * BLOCK + 5)])).toEqual({
      holds: false,
      faults: [{ kind: 'hash', block: 3 }],
      checked: count - 128,
    });
    expect(check([], [flip(area, 5 * BLOCK - 1)])).toMatchObject({ faults: [{ kind: 'hash', block: 4 }] });
    expect(check([], [flip(area, BLOCK)])).toEqual({
      holds: false,
      faults: [{ kind: 'hash', block: 1 }],
      checked: 0,
    });
  });

  it('it stops at the last fault that it may name', () => {
    const everywhere = Array.from({ length: count }, (_, index) => flip(data, index * BLOCK));
    expect(check(everywhere, []).faults).toHaveLength(16);
    expect(check(everywhere, [], 1)).toEqual({
      holds: false,
      faults: [{ kind: 'data', block: 0 }],
      checked: 1,
    });
  });

  it('another root hash holds nothing', () => {
    const other = Uint8Array.from(rootHash, (byte) => byte ^ 1);
    expect(verifyVerity({ data: bytesSource(data), hash: bytesSource(area), rootHash: other })).toEqual({
      holds: false,
      faults: [{ kind: 'hash', block: 1 }],
      checked: 0,
    });
    expect(
      codeOf(() =>
        verifyVerity({ data: bytesSource(data), hash: bytesSource(area), rootHash: rootHash.subarray(1) }),
      ),
    ).toBe('out-of-range');
  });

  it('data or a tree that ends too early is truncated', () => {
    const short = (bytes: Uint8Array) => bytesSource(bytes.subarray(0, bytes.length - 1));
    expect(codeOf(() => verifyVerity({ data: short(data), hash: bytesSource(area), rootHash }))).toBe(
      'truncated',
    );
    expect(codeOf(() => verifyVerity({ data: bytesSource(data), hash: short(area), rootHash }))).toBe(
      'truncated',
    );
  });

  it('a damaged superblock is read or refused, whatever bytes change, and never makes a tree hold that does not', () => {
    const change = fc.tuple(fc.nat(511), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (patches) => {
        const dirty = patched(bytesSource(data), [flip(data, 77)]);
        let holds = false;
        tolerate(() => {
          holds = verifyVerity({ data: dirty, hash: patched(bytesSource(area), patches), rootHash }).holds;
        });
        expect(holds).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('readVeritySuperblock', () => {
  const { area } = growTree(blocksOf(2));

  it('a superblock gives back what was written', () => {
    expect(readVeritySuperblock(bytesSource(area))).toEqual({ dataBlocks: 2, salt: SALT, uuid: UUID });
  });

  it.each<[string, number, number]>([
    ['bad-magic', 0, 0],
    ['unsupported', 8, 2],
    ['unsupported', 12, 0],
    ['unsupported', 32, 0x53],
    ['unsupported', 65, 0x20],
    ['unsupported', 69, 0x20],
    ['corrupt', 72, 0],
    ['corrupt', 79, 1],
    ['corrupt', 81, 2],
  ])('a superblock is refused as %s where byte %d is %d', (code, at, value) => {
    expect(codeOf(() => readVeritySuperblock(patched(bytesSource(area), [[at, value]])))).toBe(code);
  });

  it('a superblock that is cut is truncated', () => {
    expect(codeOf(() => readVeritySuperblock(bytesSource(area.subarray(0, 511))))).toBe('truncated');
  });
});

describe('verityTable', () => {
  const options = {
    dataDevice: '/dev/vda2',
    hashDevice: '/dev/vda2',
    dataBlocks: 16,
    hashStart: 17,
    rootHash: new Uint8Array(32).fill(0xab),
    salt: Uint8Array.of(1, 2),
  };

  it('a table names devices, sizes, hash and salt in the order of the kernel', () => {
    const hash = 'ab'.repeat(32);
    expect(verityTable(options)).toEqual({
      sectors: 128,
      parameters: `1 /dev/vda2 /dev/vda2 4096 4096 16 17 sha256 ${hash} 0102`,
      line: `0 128 verity 1 /dev/vda2 /dev/vda2 4096 4096 16 17 sha256 ${hash} 0102`,
    });
    const flags = ['panic_on_corruption', 'ignore_zero_blocks'];
    expect(verityTable({ ...options, salt: new Uint8Array(), flags }).parameters).toBe(
      `1 /dev/vda2 /dev/vda2 4096 4096 16 17 sha256 ${hash} - 2 panic_on_corruption ignore_zero_blocks`,
    );
  });

  it('words with white space and hashes of another length are refused', () => {
    expect(codeOf(() => verityTable({ ...options, dataDevice: '/dev/a b' }))).toBe('bad-name');
    expect(codeOf(() => verityTable({ ...options, flags: ['a\nb'] }))).toBe('bad-name');
    expect(codeOf(() => verityTable({ ...options, rootHash: new Uint8Array(20) }))).toBe('out-of-range');
  });
});
