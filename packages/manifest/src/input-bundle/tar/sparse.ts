// SPDX-License-Identifier: Apache-2.0
import type { Reader } from './feed.js';
import { BLOCK_BYTES } from './header.js';
import { readNumber } from './number.js';

/** One entry of the map: offset and length of a stored run, in twelve bytes each. */
const RUN_BYTES = 24;

/**
 * Reads the map of a sparse file in GNU's old format, which begins in the header block and goes on in blocks
 * behind it (GNU tar manual, "Storing Sparse Files"; struct sparse in its tar.h), and sees to it that the runs
 * are in order, lie within the file, and are as long in sum as what is stored.
 * @returns what is wrong with it, in words, where something is
 */
export function* readSparseMap(
  header: Uint8Array,
  stored: number,
  take: (bytes: number, keep: boolean) => Reader<Uint8Array>,
): Reader<string | undefined> {
  const realSize = readNumber(header.subarray(483, 495));
  let end = 0;
  let sum = 0;
  const outOfOrder = (block: Uint8Array, from: number, to: number): boolean => {
    for (let at = from; at < to; at += RUN_BYTES) {
      // The first entry without a length ends the map.
      if (block[at + 12] === 0) break;
      const offset = readNumber(block.subarray(at, at + 12));
      const length = readNumber(block.subarray(at + 12, at + RUN_BYTES));
      if (offset === undefined || length === undefined || offset < end) return true;
      end = offset + length;
      sum += length;
    }
    return false;
  };
  let wrong = outOfOrder(header, 386, 482);
  for (let goesOn = header[482] !== 0; goesOn; ) {
    const block = yield* take(BLOCK_BYTES, true);
    wrong ||= outOfOrder(block, 0, 504);
    goesOn = block[504] !== 0;
  }
  if (wrong) return 'has a sparse map that is out of order';
  if (realSize === undefined || end > realSize) return 'has a sparse map that reaches past its end';
  return sum === stored ? undefined : `has a sparse map of ${sum} bytes, and ${stored} bytes of content`;
}
