// SPDX-License-Identifier: Apache-2.0
/** Small qcow2 files for tests, and where things lie in them. */
import { createLayout, type Extent, type Layout, layoutSource } from '../layout/layout.js';
import { bytesSource } from '../layout/source.js';
import { encodeQcow2 } from '../qcow2/index.js';

export const CLUSTER = 65536;
export const GIB = 2 ** 30;

/** Places in the smallest files {@link encodeQcow2} writes: one cluster each. */
export const PLACES = { refcountTable: 1, refcountBlock: 2, l1Table: 3, l2Table: 4, data: 5 };
export const at = (place: keyof typeof PLACES) => PLACES[place] * CLUSTER;

export const filled = (offset: number, length: number, value: number): Extent => ({
  offset,
  source: bytesSource(new Uint8Array(length).fill(value)),
});
export const encoded = (disk: Layout) => layoutSource(encodeQcow2(disk));
export const small = encoded(
  createLayout(3 * CLUSTER, [filled(CLUSTER + 5, 100, 1), filled(2 * CLUSTER, 10, 2)]),
);

/** Big-endian patch of a 64-bit table entry or header field. */
export const entry = (offset: number, value: bigint): [number, number][] =>
  Array.from({ length: 8 }, (_, index) => [
    offset + index,
    Number((value >> BigInt(56 - 8 * index)) & 0xffn),
  ]);
