// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertAmount } from '../layout/amount.js';
import { createLayout, type Extent, type Layout } from '../layout/layout.js';
import { assertInside, type ByteSource, bytesSource } from '../layout/source.js';
import { COPIED, MAX_L1_ENTRIES } from './format.js';
import { encodeHeader } from './header.js';
import { clusterRuns, runAt } from './runs.js';

const CLUSTER_BITS = 16;
const CLUSTER = 1 << CLUSTER_BITS;
/** Eight-byte entries in one cluster of L1, L2 or refcount table. */
const ENTRIES = CLUSTER / 8;
/** Two-byte reference counts in one cluster. */
const REFCOUNTS = CLUSTER / 2;

export interface Qcow2Options {
  /** Size of the virtual disk in bytes, when it should be larger than the layout. Rounded up to 512. */
  readonly virtualSize?: number;
}

/**
 * Wraps a disk in a qcow2 version 3 file: 64 KiB clusters, 16-bit reference counts, no compression, nothing
 * in it that depends on time or place. A cluster is allocated when an extent of the layout touches it, and
 * no content is read to decide that: an extent of zeros takes its space, a hole takes none. Tables are
 * computed while they are read, so memory depends on the number of extents, not on the size of the disk.
 *
 * @throws ImageError `too-large` above 2 PiB, the largest disk QEMU accepts with such clusters; as {@link createLayout} for a layout
 *   that is none, `out-of-range` for a size that is none
 */
export function encodeQcow2(disk: Layout, options: Qcow2Options = {}): Layout {
  // A layout that nobody checked may go on for ever.
  createLayout(disk.size, disk.extents);
  if (options.virtualSize !== undefined) assertAmount('the size of a disk', options.virtualSize);
  const virtualSize = Math.ceil(Math.max(disk.size, options.virtualSize ?? 0) / 512) * 512;
  // An empty disk has a table too, since qemu-img takes a cluster that no entry needs for leaked.
  const l1Entries = Math.max(1, Math.ceil(virtualSize / CLUSTER / ENTRIES));
  if (l1Entries > MAX_L1_ENTRIES) {
    throw new ImageError('too-large', `a qcow2 disk of ${virtualSize} bytes needs an L1 table above 32 MiB`);
  }
  const runs = clusterRuns(disk.extents, CLUSTER);
  const dataClusters = runs.reduce((sum, run) => sum + run.count, 0);
  const tables = [...new Set(runs.flatMap(({ first, count }) => range(first, first + count - 1)))];
  const l1Clusters = Math.ceil(l1Entries / ENTRIES);
  const refcounts = refcountClusters(1 + l1Clusters + tables.length + dataClusters);

  const refcountTable = CLUSTER;
  const refcountBlocks = refcountTable + refcounts.tables * CLUSTER;
  const l1Table = refcountBlocks + refcounts.blocks * CLUSTER;
  const l2Tables = l1Table + l1Clusters * CLUSTER;
  const data = l2Tables + tables.length * CLUSTER;
  const total = data / CLUSTER + dataClusters;

  const header = encodeHeader({
    clusterBits: CLUSTER_BITS,
    virtualSize,
    l1Entries,
    l1Table,
    refcountTable,
    refcountTableClusters: refcounts.tables,
  });
  const l1 = new Map(tables.map((table, index) => [table, BigInt(l2Tables + index * CLUSTER) | COPIED]));
  return createLayout(total * CLUSTER, [
    { offset: 0, source: bytesSource(header) },
    {
      offset: refcountTable,
      source: tableSource(refcounts.blocks, (index) => BigInt(refcountBlocks + index * CLUSTER)),
    },
    { offset: refcountBlocks, source: onesSource(total) },
    { offset: l1Table, source: tableSource(l1Entries, (index) => l1.get(index) ?? 0n) },
    {
      offset: l2Tables,
      source: tableSource(tables.length * ENTRIES, (index) => {
        const table = tables[Math.floor(index / ENTRIES)] ?? 0;
        const host = runAt(runs, table * ENTRIES + (index % ENTRIES));
        return host === undefined ? 0n : BigInt(data + host * CLUSTER) | COPIED;
      }),
    },
    ...disk.extents.map((extent): Extent => {
      const host = runAt(runs, Math.floor(extent.offset / CLUSTER)) ?? 0;
      return { offset: data + host * CLUSTER + (extent.offset % CLUSTER), source: extent.source };
    }),
  ]);
}

/** Returns the L2 tables that cover guest clusters `first` to `last`. */
function range(first: number, last: number): number[] {
  const from = Math.floor(first / ENTRIES);
  return Array.from({ length: Math.floor(last / ENTRIES) - from + 1 }, (_, index) => from + index);
}

/** Computes how many clusters of reference counts, and of their table, cover `others` clusters and themselves. */
function refcountClusters(others: number): { tables: number; blocks: number } {
  let tables = 1;
  let blocks = 1;
  for (;;) {
    const total = others + tables + blocks;
    const needed = { blocks: Math.ceil(total / REFCOUNTS), tables: Math.ceil(total / REFCOUNTS / ENTRIES) };
    if (needed.blocks === blocks && needed.tables === tables) return needed;
    ({ blocks, tables } = needed);
  }
}

/** Makes a source of a table of big-endian 64-bit entries, each computed when it is read. */
function tableSource(count: number, entry: (index: number) => bigint): ByteSource {
  const size = count * 8;
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'table');
      for (let at = 0; at < into.length; ) {
        const within = (offset + at) % 8;
        view.setBigUint64(0, entry(Math.floor((offset + at) / 8)));
        into.set(bytes.subarray(within, within + Math.min(8 - within, into.length - at)), at);
        at += 8 - within;
      }
    },
  };
}

/** Makes a source of `count` reference counts of one. */
function onesSource(count: number): ByteSource {
  const size = count * 2;
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'reference counts');
      for (let at = 0; at < into.length; at++) into[at] = (offset + at) % 2;
    },
  };
}
