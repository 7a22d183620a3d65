// SPDX-License-Identifier: Apache-2.0

import { uuidBytes } from '../gpt/guid.js';
import { bytesOf } from '../layout/bytes.js';
import { viewOf } from '../layout/view.js';
import { crc32c } from './crc32c.js';
import { BLOCK, COMPAT, EROFS_MAGIC, SUPERBLOCK } from './format.js';
import type { ErofsPlan } from './plan.js';

/** Writes the superblock into the first block, which holds all else that belongs there already. */
export function formatSuperblock({ options, blocks, inodes, nids }: ErofsPlan, first: Uint8Array): void {
  const bytes = first.subarray(SUPERBLOCK.offset, BLOCK);
  const view = viewOf(bytes);
  view.setUint32(0, EROFS_MAGIC, true);
  view.setUint32(8, COMPAT.checksum | COMPAT.mtime, true);
  view.setUint8(12, Math.log2(BLOCK));
  view.setUint16(14, nids.get(0), true);
  view.setBigUint64(16, BigInt(inodes), true);
  view.setBigUint64(24, BigInt(options.epoch), true);
  view.setUint32(36, blocks, true);
  bytes.set(uuidBytes(options.uuid), 48);
  bytes.set(bytesOf(options.volumeName ?? ''), 64);
  view.setUint32(4, crc32c(bytes), true);
}
