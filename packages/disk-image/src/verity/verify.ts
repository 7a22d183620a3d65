// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { lastOf } from '../last-of.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { blockDigest } from './digest.js';
import { BLOCK, DIGEST, DIGESTS_PER_BLOCK } from './format.js';
import { planVerity, type VerityPlan } from './plan.js';
import { readVeritySuperblock } from './superblock.js';

/** A block that is not what the tree says: of the data, or of the tree itself. */
export interface VerityFault {
  readonly kind: 'data' | 'hash';
  /** Its number in the data, or in the hash area, where 0 is the superblock's. */
  readonly block: number;
}

/** What came of checking data against its tree. */
export interface VerityCheck {
  /** Every block of data was checked and is what the root hash stands for. */
  readonly holds: boolean;
  /** The first that are not, in the order of the data. */
  readonly faults: readonly VerityFault[];
  /** Blocks of data that were compared with their digest. The rest lies behind a fault, or behind the last that was named. */
  readonly checked: number;
}

/** What is checked. */
export interface VerityInput {
  /** The data; what stands behind the blocks that the tree covers is not looked at. */
  readonly data: ByteSource;
  /** The hash area, from its superblock on. */
  readonly hash: ByteSource;
  readonly rootHash: Uint8Array;
  /** How many faults are named before it stops; 16 unless given. */
  readonly limit?: number;
}

/**
 * Checks data against its hash tree, and the tree against the root hash, from the top down; every block is read at most
 * once, and half a MiB a level is held. Nothing that a bad block of the tree says is believed.
 * @throws ImageError as {@link readVeritySuperblock} does; `truncated` when data or tree end too early, `out-of-range`
 *   for a root hash of another length
 */
export function verifyVerity(input: VerityInput): VerityCheck {
  return lastOf(verifyVerityInSteps(input));
}

/**
 * Checks data as {@link verifyVerity} does, in steps of half a MiB at most: between them signals and timers may have their
 * turn, and who goes no further has stopped it.
 */
export function* verifyVerityInSteps({
  data,
  hash,
  rootHash,
  limit = 16,
}: VerityInput): Generator<void, VerityCheck, undefined> {
  if (rootHash.length !== DIGEST)
    throw new ImageError('out-of-range', `a root hash of ${rootHash.length} bytes, not ${DIGEST}`);
  const plan = planVerity(readVeritySuperblock(hash));
  assertWhole(plan, data, hash);
  const digest = blockDigest(plan.options.salt);
  const faults: VerityFault[] = [];
  let checked = 0;

  /** Checks `count` blocks below digests that are known to be right: those of a level, or of the data below all. */
  function* check(
    level: number,
    first: number,
    count: number,
    digests: Uint8Array,
  ): Generator<void, void, undefined> {
    const below = plan.levels[level];
    const blocks =
      below === undefined
        ? readBytes(data, first * BLOCK, count * BLOCK)
        : readBytes(hash, (below.start + first) * BLOCK, count * BLOCK);
    for (let index = 0; index < count && faults.length < limit; index++) {
      const block = blocks.subarray(index * BLOCK, (index + 1) * BLOCK);
      const right =
        Buffer.compare(digest(block), digests.subarray(index * DIGEST, (index + 1) * DIGEST)) === 0;
      if (below === undefined) {
        checked++;
        if (!right) faults.push({ kind: 'data', block: first + index });
      } else if (right) {
        const next = (first + index) * DIGESTS_PER_BLOCK;
        const all = plan.levels[level - 1]?.blocks ?? plan.options.dataBlocks;
        yield* check(level - 1, next, Math.min(DIGESTS_PER_BLOCK, all - next), block);
      } else faults.push({ kind: 'hash', block: below.start + first + index });
    }
    if (below === undefined) yield;
  }
  yield* check(plan.levels.length - 1, 0, 1, rootHash);
  return { holds: faults.length === 0 && checked === plan.options.dataBlocks, faults, checked };
}

function assertWhole({ options, size }: VerityPlan, data: ByteSource, hash: ByteSource): void {
  const wanted = options.dataBlocks * BLOCK;
  if (data.size < wanted)
    throw new ImageError('truncated', `the tree covers ${wanted} bytes of data, but there are ${data.size}`);
  if (hash.size < size)
    throw new ImageError('truncated', `the hash area should have ${size} bytes, but has ${hash.size}`);
}
