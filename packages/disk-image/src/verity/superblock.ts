// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { uuidBytes, uuidText } from '../gpt/guid.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { ALGORITHM, BLOCK, HASH_TYPE, MAX_SALT, SUPERBLOCK, VERSION } from './format.js';
import type { VerityOptions } from './plan.js';

/** Encodes the block with the superblock, as `veritysetup format` writes it. */
export function formatVeritySuperblock({ dataBlocks, salt, uuid }: VerityOptions): Uint8Array {
  const bytes = Buffer.alloc(BLOCK);
  bytes.write(SUPERBLOCK.magic, 0, 'latin1');
  bytes.writeUInt32LE(VERSION, SUPERBLOCK.version);
  bytes.writeUInt32LE(HASH_TYPE, SUPERBLOCK.hashType);
  bytes.set(uuidBytes(uuid), SUPERBLOCK.uuid);
  bytes.write(ALGORITHM, SUPERBLOCK.algorithm, 'latin1');
  bytes.writeUInt32LE(BLOCK, SUPERBLOCK.dataBlockSize);
  bytes.writeUInt32LE(BLOCK, SUPERBLOCK.hashBlockSize);
  bytes.writeBigUInt64LE(BigInt(dataBlocks), SUPERBLOCK.dataBlocks);
  bytes.writeUInt16LE(salt.length, SUPERBLOCK.saltSize);
  bytes.set(salt, SUPERBLOCK.salt);
  return bytes;
}

/**
 * Reads the superblock at the beginning of a hash area.
 * @throws ImageError `bad-magic` where there is none, `truncated`, `corrupt`; `unsupported` for another hash, format or
 *   block size than SHA-256, 1 and 4096
 */
export function readVeritySuperblock(source: ByteSource): VerityOptions {
  const view = readStructure(source, 0, SUPERBLOCK.size, 'the verity superblock');
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  if (bytes.toString('latin1', 0, 8) !== SUPERBLOCK.magic)
    throw new ImageError('bad-magic', 'there is no verity superblock');
  const algorithm = bytes.toString('latin1', SUPERBLOCK.algorithm, SUPERBLOCK.algorithm + 32).split('\0')[0];
  const known = [
    ['version', bytes.readUInt32LE(SUPERBLOCK.version), VERSION],
    ['hash type', bytes.readUInt32LE(SUPERBLOCK.hashType), HASH_TYPE],
    ['data block size', bytes.readUInt32LE(SUPERBLOCK.dataBlockSize), BLOCK],
    ['hash block size', bytes.readUInt32LE(SUPERBLOCK.hashBlockSize), BLOCK],
    ['algorithm', JSON.stringify(algorithm), JSON.stringify(ALGORITHM)],
  ] as const;
  for (const [what, found, expected] of known) {
    if (found !== expected)
      throw new ImageError('unsupported', `the verity superblock has ${what} ${found}, not ${expected}`);
  }
  const saltSize = bytes.readUInt16LE(SUPERBLOCK.saltSize);
  const dataBlocks = bytes.readBigUInt64LE(SUPERBLOCK.dataBlocks);
  if (saltSize > MAX_SALT || dataBlocks === 0n || dataBlocks * BigInt(BLOCK) > Number.MAX_SAFE_INTEGER) {
    throw new ImageError(
      'corrupt',
      `the verity superblock has ${dataBlocks} data blocks and a salt of ${saltSize} bytes`,
    );
  }
  return {
    dataBlocks: Number(dataBlocks),
    salt: Uint8Array.from(bytes.subarray(SUPERBLOCK.salt, SUPERBLOCK.salt + saltSize)),
    uuid: uuidText(bytes.subarray(SUPERBLOCK.uuid, SUPERBLOCK.uuid + 16)).toLowerCase(),
  };
}
