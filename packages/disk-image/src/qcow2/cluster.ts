// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { ALL_ZEROS, COMPRESSED, COPIED, OFFSET_MASK } from './format.js';
import type { Header } from './header.js';

/** What an L2 entry says about a guest cluster. */
export type Cluster =
  /** Never written: reads as zeros. */
  | { readonly kind: 'hole' }
  /** Bytes at `offset`; for `zero` they are set aside, and zeros are read (offset 0: not even that). */
  | { readonly kind: 'data' | 'zero'; readonly offset: number; readonly copied: boolean }
  /** `size` bytes at `offset`, in which a deflate stream begins that may end before they do. */
  | { readonly kind: 'compressed'; readonly offset: number; readonly size: number };

const HOLE: Cluster = { kind: 'hole' };

/**
 * Takes an L2 entry apart (docs/interop/qcow2.txt, "Cluster mapping").
 * @throws ImageError `corrupt` for reserved bits and places that are no cluster of the file, `truncated` for
 *   places behind its end
 */
export function decodeCluster(entry: bigint, header: Header, fileSize: number): Cluster {
  if (entry === 0n) return HOLE;
  if (entry & COMPRESSED) return decodeCompressed(entry, header, fileSize);
  const zero = (entry & ALL_ZEROS) !== 0n;
  if (zero && header.version === 2) {
    throw new ImageError('corrupt', `L2 entry 0x${entry.toString(16)} has a bit that version 2 reserves`);
  }
  const { offset, copied } = decodePointer(zero ? entry - ALL_ZEROS : entry, header, fileSize, 'L2 entry');
  if (offset === 0 && !zero) throw new ImageError('corrupt', 'an L2 entry points to the header');
  return { kind: zero ? 'zero' : 'data', offset, copied };
}

/** Reads from an L1 entry where its L2 table lies; 0 for none. @throws ImageError as {@link decodeCluster} */
export function decodeTable(entry: bigint, header: Header, fileSize: number) {
  const pointer = decodePointer(entry, header, fileSize, 'L1 entry');
  if (entry !== 0n && pointer.offset === 0)
    throw new ImageError('corrupt', 'an L1 entry points to the header');
  return pointer;
}

/** Reads the place in an L1 entry, or in an L2 entry that is not compressed; 0 for none. */
function decodePointer(
  entry: bigint,
  { clusterSize }: Header,
  fileSize: number,
  what: string,
): { offset: number; copied: boolean } {
  const offset = Number(entry & OFFSET_MASK);
  if ((entry & ~(OFFSET_MASK | COPIED)) !== 0n) {
    throw new ImageError('corrupt', `${what} 0x${entry.toString(16)} has reserved bits set`);
  }
  if (offset % clusterSize !== 0) {
    throw new ImageError('corrupt', `${what} points to byte ${offset}, where no cluster begins`);
  }
  if (offset >= fileSize) {
    throw new ImageError('truncated', `${what} points to byte ${offset}, the file ends at ${fileSize}`);
  }
  return { offset, copied: (entry & COPIED) !== 0n };
}

function decodeCompressed(entry: bigint, { clusterBits }: Header, fileSize: number): Cluster {
  if (entry & COPIED) {
    throw new ImageError('corrupt', `L2 entry 0x${entry.toString(16)} is compressed and marked as copied`);
  }
  const offsetBits = BigInt(62 - (clusterBits - 8));
  const offset = Number(entry & ((1n << offsetBits) - 1n));
  const sectors = Number((entry & (COMPRESSED - 1n)) >> offsetBits) + 1;
  if (offset >= fileSize) {
    throw new ImageError('truncated', `compressed data at byte ${offset}, the file ends at ${fileSize}`);
  }
  // Counted in whole sectors, the last of which the file need not have to its end.
  return { kind: 'compressed', offset, size: Math.min(sectors * 512 - (offset % 512), fileSize - offset) };
}
