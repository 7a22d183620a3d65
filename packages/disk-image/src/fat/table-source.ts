// SPDX-License-Identifier: Apache-2.0

import { assertInside, type ByteSource } from '../layout/source.js';
import { Structure } from '../layout/structure.js';
import type { FatType } from './fat.js';
import { FIRST_CLUSTER } from './geometry.js';

/** Media byte of a disk that is not a floppy; the table's first entry repeats it. */
export const MEDIA = 0xf8;

/** The value that ends a chain, as written; readers take any that ends in 8 to F. */
const END: Record<FatType, number> = { 12: 0xfff, 16: 0xffff, 32: 0x0fffffff };

/** Finds the index of the first of the ascending `values` that is at least `target`. */
function lowerBound(values: readonly number[], target: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Makes a source of the used part of a table in which every chain is one run and the runs follow each other from
 * cluster 2 on. Entries are computed as they are read, so its size costs no memory.
 * @param ends the last cluster of every run, ascending
 */
export function tableSource(type: FatType, ends: readonly number[]): ByteSource {
  const clusters = (ends.at(-1) ?? FIRST_CLUSTER - 1) + 1;
  const size = Math.ceil((clusters * type) / 8);
  // Two FAT12 entries share three bytes; such a group starts and ends at whole bytes for every type.
  const groupEntries = type === 12 ? 2 : 1;
  const groupBytes = (groupEntries * type) / 8;
  const groupAt = (group: number, end: number): number => {
    const value = (cluster: number, isEnd: boolean) => {
      if (cluster >= clusters) return 0;
      if (cluster === 0) return END[type] - 0xff + MEDIA;
      return cluster === 1 || isEnd ? END[type] : cluster + 1;
    };
    const first = group * groupEntries;
    const low = value(first, ends[end] === first);
    if (groupEntries === 1) return low;
    const next = ends[end] === first ? end + 1 : end;
    return low | (value(first + 1, ends[next] === first + 1) << 12);
  };
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'table');
      const firstGroup = Math.floor(offset / groupBytes);
      const groups = Math.ceil((offset + into.length) / groupBytes) - firstGroup;
      const bytes = new Structure(groups * groupBytes);
      let end = lowerBound(ends, firstGroup * groupEntries);
      for (let index = 0; index < groups; index++) {
        const group = firstGroup + index;
        bytes.put(groupAt(group, end), index * groupBytes, groupBytes);
        while ((ends[end] ?? Number.POSITIVE_INFINITY) < (group + 1) * groupEntries) end++;
      }
      const skip = offset - firstGroup * groupBytes;
      into.set(bytes.subarray(skip, skip + into.length));
    },
  };
}
