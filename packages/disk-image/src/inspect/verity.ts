// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { type ByteSource, sliceSource } from '../layout/source.js';
import type { VerityOptions } from '../verity/plan.js';
import { readVeritySuperblock } from '../verity/superblock.js';

/** Reads a superblock of dm-verity; undefined where there is none that is known here. */
export function findVerity(source: ByteSource): VerityOptions | undefined {
  try {
    return readVeritySuperblock(source);
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

/** Finds the hash tree that follows a file system of whole blocks. */
export const verityBehind = (source: ByteSource, size: number | undefined) =>
  size !== undefined && size > 0 && size % 4096 === 0 && size < source.size
    ? findVerity(sliceSource(source, size, source.size - size))
    : undefined;
