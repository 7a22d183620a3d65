// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { blockDigest } from './digest.js';
import { BLOCK, DIGEST } from './format.js';
import type { VerityPlan } from './plan.js';
import { formatVeritySuperblock } from './superblock.js';

/** A hash tree that grows while its data goes by. */
export interface VerityWriter {
  /** Takes the next bytes of the data, in pieces of any length. @throws ImageError `out-of-range` for more than planned */
  content(piece: Uint8Array): void;
  /**
   * Takes the digests of the next blocks in place of the blocks, where somebody else made them: of each block with the salt
   * in front. @throws ImageError `out-of-range` for more than planned, and in the middle of a block
   */
  digests(digests: Uint8Array): void;
  /** Writes what is left, and returns the root hash. @throws ImageError `out-of-range` when data is missing */
  end(): Uint8Array;
}

/** The block of a level that is being filled. */
interface OpenBlock {
  readonly bytes: Uint8Array;
  used: number;
  /** Where it goes, in blocks. */
  at: number;
}

/**
 * Computes a hash tree and its superblock while the data goes by: one block of each level is held.
 * @param sink takes bytes and where they belong in the hash area; they are good until it returns
 */
export function writeVerity(
  { options, levels }: VerityPlan,
  sink: (bytes: Uint8Array, offset: number) => void,
): VerityWriter {
  const digest = blockDigest(options.salt);
  const open = levels.map(({ start }): OpenBlock => ({ bytes: new Uint8Array(BLOCK), used: 0, at: start }));
  let rootHash: Uint8Array | undefined;
  let blocks = 0;
  let begun = 0;
  const partial = new Uint8Array(BLOCK);

  const close = (level: number, block: OpenBlock) => {
    block.bytes.fill(0, block.used);
    sink(block.bytes, block.at * BLOCK);
    add(level + 1, digest(block.bytes));
    block.used = 0;
    block.at++;
  };
  const add = (level: number, value: Uint8Array) => {
    const block = open[level];
    if (block === undefined) {
      rootHash = value;
      return;
    }
    block.bytes.set(value, block.used);
    block.used += DIGEST;
    if (block.used === BLOCK) close(level, block);
  };
  const count = (more: number) => {
    if (more > options.dataBlocks - blocks) {
      throw new ImageError(
        'out-of-range',
        `data of more than the ${options.dataBlocks} blocks that were planned`,
      );
    }
    blocks += more;
  };
  const addDigest = (value: Uint8Array) => {
    count(1);
    // What comes of a single block is the root hash: it is kept.
    add(0, open.length === 0 ? value.slice() : value);
  };
  const addBlock = (block: Uint8Array) => addDigest(digest(block));

  return {
    content(piece) {
      let at = 0;
      if (begun > 0) {
        at = Math.min(BLOCK - begun, piece.length);
        partial.set(piece.subarray(0, at), begun);
        begun += at;
        if (begun < BLOCK) return;
        addBlock(partial);
        begun = 0;
      }
      for (; at + BLOCK <= piece.length; at += BLOCK) addBlock(piece.subarray(at, at + BLOCK));
      partial.set(piece.subarray(at));
      begun = piece.length - at;
    },
    digests(digests) {
      if (begun > 0 || digests.length % DIGEST > 0)
        throw new ImageError(
          'out-of-range',
          `digests of ${digests.length} bytes, ${begun} bytes into a block`,
        );
      const [lowest] = open;
      if (lowest === undefined) {
        for (let at = 0; at < digests.length; at += DIGEST) addDigest(digests.subarray(at, at + DIGEST));
        return;
      }
      count(digests.length / DIGEST);
      // As many at once as a block has room for.
      for (let at = 0; at < digests.length; ) {
        const part = digests.subarray(at, at + BLOCK - lowest.used);
        lowest.bytes.set(part, lowest.used);
        lowest.used += part.length;
        at += part.length;
        if (lowest.used === BLOCK) close(0, lowest);
      }
    },
    end() {
      open.forEach((block, level) => {
        if (block.used > 0) close(level, block);
      });
      if (blocks < options.dataBlocks || begun > 0 || rootHash === undefined) {
        throw new ImageError(
          'out-of-range',
          `data of ${blocks} blocks and ${begun} bytes, but ${options.dataBlocks} blocks were planned`,
        );
      }
      sink(formatVeritySuperblock(options), 0);
      return rootHash;
    },
  };
}
