// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { uuidBytes } from '../gpt/guid.js';
import { BLOCK, DIGESTS_PER_BLOCK, MAX_SALT } from './format.js';

/** What a hash tree is made over, and of what. */
export interface VerityOptions {
  /** Blocks of 4096 bytes that are covered, at least one. */
  readonly dataBlocks: number;
  /** Up to 256 bytes, which go in front of every block that is hashed; may be empty. */
  readonly salt: Uint8Array;
  /** 8-4-4-4-12 hexadecimal digits, in any case. */
  readonly uuid: string;
}

/** One level of a tree: its blocks stand one behind the other. */
export interface VerityLevel {
  /** Where it begins, in blocks from the superblock's. */
  readonly start: number;
  readonly blocks: number;
}

/** A hash area: a block with the superblock, then the tree, the single block of its top first. */
export interface VerityPlan {
  readonly options: VerityOptions;
  /** Bytes of the whole area. */
  readonly size: number;
  /** From the digests of the data upwards; none over a single block, of which the digest is the root hash. */
  readonly levels: readonly VerityLevel[];
}

/**
 * Decides where the levels of a hash tree lie.
 * @throws ImageError `out-of-range` for no blocks or too long a salt, `bad-name` for what is no UUID
 */
export function planVerity(options: VerityOptions): VerityPlan {
  const { dataBlocks, salt, uuid } = options;
  uuidBytes(uuid);
  if (!(Number.isSafeInteger(dataBlocks) && dataBlocks > 0 && dataBlocks * BLOCK <= Number.MAX_SAFE_INTEGER))
    throw new ImageError('out-of-range', `a hash tree over ${dataBlocks} blocks`);
  if (salt.length > MAX_SALT)
    throw new ImageError('out-of-range', `a salt of ${salt.length} bytes, at most ${MAX_SALT} have room`);
  const counts: number[] = [];
  for (let blocks = dataBlocks; blocks > 1; ) {
    blocks = Math.ceil(blocks / DIGESTS_PER_BLOCK);
    counts.push(blocks);
  }
  let end = 1;
  const levels = counts.toReversed().map((blocks) => {
    const start = end;
    end += blocks;
    return { start, blocks };
  });
  return { options, size: end * BLOCK, levels: levels.reverse() };
}
