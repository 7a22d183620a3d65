// SPDX-License-Identifier: Apache-2.0
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { createCache } from './cache.js';
import type { Header } from './header.js';
import { type Reference, refcountBlocks, references } from './references.js';

/** Clusters of the file that are counted together, or passed over together. */
export const PAGE = 1 << 12;

/** Parts of a counter: the count, and three flags above it. */
export const FLAG = { table: 1 << 30, copied: 1 << 29, notCopied: 1 << 28 } as const;
export const COUNT = FLAG.notCopied - 1;

/**
 * Lists the pages, ascending, in which a cluster is used or counted at all, and counts the allocated and compressed
 * clusters.
 */
export function usedPages(source: ByteSource, header: Header, fileClusters: number) {
  const pages = new Set<number>();
  let last = -1;
  const add = (firstCluster: number, endCluster: number) => {
    const end = Math.min(endCluster, fileClusters);
    for (let page = Math.floor(firstCluster / PAGE); page * PAGE < end; page++) {
      // What follows each other in a disk mostly does so in its file.
      if (page !== last) pages.add(page);
      last = page;
    }
  };
  let allocatedClusters = 0;
  let compressedClusters = 0;
  for (const reference of references(source, header)) {
    if (reference.guest) allocatedClusters++;
    if (reference.compressed) compressedClusters++;
    add(...clustersOf(reference, header));
  }
  const perBlock = (header.clusterSize * 8) >> header.refcountOrder;
  const step = Math.min(PAGE, perBlock);
  let start = 0;
  for (const offset of refcountBlocks(source, header)) {
    if (start >= fileClusters) break;
    if (offset !== 0) {
      const block = readStructure(source, offset, header.clusterSize, 'refcount block');
      const bytes = (step << header.refcountOrder) / 8;
      for (let at = 0; at < block.byteLength; at += bytes) {
        const part = new Uint8Array(block.buffer, block.byteOffset + at, bytes);
        const first = start + (at / bytes) * step;
        if (part.some((byte) => byte !== 0)) add(first, first + step);
      }
    }
    start += perBlock;
  }
  return { pages: [...pages].sort((a, b) => a - b), allocatedClusters, compressedClusters };
}

/** Returns the clusters that a reference touches: the first, and the one after the last. */
function clustersOf({ offset, size }: Reference, { clusterSize }: Header): [number, number] {
  return [Math.floor(offset / clusterSize), Math.ceil((offset + size) / clusterSize)];
}

/** A cluster of the file: how often it is used, with flags, and how often the file says it is. */
export interface CountedCluster {
  readonly cluster: number;
  readonly counter: number;
  readonly stored: number;
}

/** Counts the clusters of some pages, in one pass over everything that uses clusters. */
export function* countPages(
  source: ByteSource,
  header: Header,
  fileClusters: number,
  pages: readonly number[],
): Generator<CountedCluster> {
  const counters = new Map(pages.map((page) => [page, new Uint32Array(PAGE)]));
  let known = -1;
  let knownPage: Uint32Array | undefined;
  const pageOf = (page: number) => {
    if (page !== known) knownPage = counters.get(page);
    known = page;
    return knownPage;
  };
  for (const reference of references(source, header)) {
    const { table, copied } = reference;
    const flags =
      (table ? FLAG.table : 0) | (copied === undefined ? 0 : copied ? FLAG.copied : FLAG.notCopied);
    const [first, end] = clustersOf(reference, header);
    for (let cluster = first; cluster < end; cluster++) {
      const page = pageOf(Math.floor(cluster / PAGE));
      if (!page) continue;
      const counter = (page[cluster % PAGE] ?? 0) | flags;
      page[cluster % PAGE] = (counter & COUNT) === COUNT ? counter : counter + 1;
    }
  }
  const stored = storedCounts(source, header);
  for (const [page, values] of counters) {
    const first = page * PAGE;
    for (let index = 0; index < PAGE && first + index < fileClusters; index++) {
      yield { cluster: first + index, counter: values[index] ?? 0, stored: stored(first + index) };
    }
  }
}

/** Reads how often the file says that a cluster is used; 0 where it says nothing. */
function storedCounts(source: ByteSource, header: Header): (cluster: number) => number {
  const { clusterSize, refcountOrder, refcountTable, refcountTableClusters } = header;
  const perBlock = (clusterSize * 8) >> refcountOrder;
  const entries = (refcountTableClusters * clusterSize) / 8;
  const block = createCache(4, (index) => {
    if (index >= entries) return null;
    const offset = Number(
      readStructure(source, refcountTable + index * 8, 8, 'refcount table entry').getBigUint64(0),
    );
    return offset === 0 ? null : readStructure(source, offset, clusterSize, 'refcount block');
  });
  return (cluster) => {
    const found = block(Math.floor(cluster / perBlock));
    return found === null ? 0 : readCount(found, cluster % perBlock, refcountOrder);
  };
}

/** Reads one count of a refcount block; those of less than a byte begin at the least significant bit. */
function readCount(block: DataView, index: number, order: number): number {
  if (order < 3) {
    const bits = 1 << order;
    return (block.getUint8((index * bits) >> 3) >> ((index * bits) % 8)) & ((1 << bits) - 1);
  }
  if (order === 3) return block.getUint8(index);
  if (order === 4) return block.getUint16(index * 2);
  if (order === 5) return block.getUint32(index * 4);
  return Number(block.getBigUint64(index * 8));
}
