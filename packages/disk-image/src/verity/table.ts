// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertAmount } from '../layout/amount.js';
import { ALGORITHM, BLOCK, DIGEST, HASH_TYPE } from './format.js';
import type { VerityOptions } from './plan.js';

/** Where data and hashes are, for a table of the device mapper. */
export interface VerityTableOptions extends Pick<VerityOptions, 'dataBlocks' | 'salt'> {
  /** Paths or `major:minor`; one and the same where the hash area stands behind the data. */
  readonly dataDevice: string;
  readonly hashDevice: string;
  /** Blocks of 4096 bytes on the hash device in front of the tree: the superblock, and all that stands before it. */
  readonly hashStart: number;
  readonly rootHash: Uint8Array;
  /** Words such as `panic_on_corruption`; none unless given. */
  readonly flags?: readonly string[];
}

/** What the device mapper is told of one device. */
export interface VerityTable {
  /** Its length in sectors of 512 bytes. */
  readonly sectors: number;
  readonly parameters: string;
  /** Both as one line for `dmsetup create`. */
  readonly line: string;
}

/**
 * Makes the table that opens a device through its hash tree (Documentation/admin-guide/device-mapper/verity.rst).
 * @throws ImageError `bad-name` for a word with white space in it, `out-of-range` for a root hash of another length and for
 *   numbers of blocks that are none
 */
export function verityTable(options: VerityTableOptions): VerityTable {
  const { dataDevice, hashDevice, dataBlocks, hashStart, rootHash, salt, flags = [] } = options;
  for (const word of [dataDevice, hashDevice, ...flags]) {
    if (!/^[\x21-\x7e]+$/.test(word))
      throw new ImageError('bad-name', `${JSON.stringify(word)} is no single word`);
  }
  assertBlocks('data', dataBlocks, 1);
  assertBlocks('the hash device in front of the tree', hashStart, 0);
  if (rootHash.length !== DIGEST)
    throw new ImageError('out-of-range', `a root hash of ${rootHash.length} bytes, not ${DIGEST}`);
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  const parameters = [
    HASH_TYPE,
    dataDevice,
    hashDevice,
    BLOCK,
    BLOCK,
    dataBlocks,
    hashStart,
    ALGORITHM,
    hex(rootHash),
    salt.length === 0 ? '-' : hex(salt),
    ...(flags.length > 0 ? [flags.length, ...flags] : []),
  ].join(' ');
  const sectors = (dataBlocks * BLOCK) / 512;
  return { sectors, parameters, line: `0 ${sectors} verity ${parameters}` };
}

/** Refuses what is no number of blocks of a device whose bytes can be counted. */
function assertBlocks(what: string, blocks: number, least: number): void {
  assertAmount(`blocks of ${what}`, blocks, least);
  assertAmount(`bytes of ${what}`, blocks * BLOCK, least);
}
