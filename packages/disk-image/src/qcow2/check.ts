// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { type Header, readHeader } from './header.js';
import { refcountBlocks, references } from './references.js';

/** A host cluster whose bookkeeping is wrong. */
export interface Qcow2Problem {
  /**
   * - `leak`: counted more often than it is used; wastes space, harms nothing.
   * - `refcount`: used more often than it is counted; a write may destroy it.
   * - `overlap`: a table shares it with something else.
   * - `copied-flag`: an entry says "counted once" of it and it is not, or the other way round.
   */
  readonly kind: 'leak' | 'refcount' | 'overlap' | 'copied-flag';
  /** Byte offset in the file. */
  readonly offset: number;
  readonly stored: number;
  readonly used: number;
}

/** What {@link checkQcow2} found. */
export interface Qcow2Check {
  /** Guest clusters with content of their own. */
  readonly allocatedClusters: number;
  /** Clusters in the file. */
  readonly fileClusters: number;
  /** Number of problems that are leaks, and of all others. */
  readonly leaks: number;
  readonly errors: number;
  /** The first hundred problems, in the order of the file. */
  readonly problems: readonly Qcow2Problem[];
}

/** Host clusters that are counted at a time: 16 MiB of memory, and 256 GiB of file with usual clusters. */
const WINDOW = 1 << 22;
const MAX_LISTED = 100;

/** Parts of a counter: three flags above the count. */
const TABLE = 1 << 30;
const COPIED = 1 << 29;
const NOT_COPIED = 1 << 28;
const COUNT = NOT_COPIED - 1;

/**
 * Counts anew how often each cluster of a qcow2 file is used, and compares with what the file says, as
 * `qemu-img check` does. Memory does not grow with the file; a file of more than four million clusters is
 * gone through several times instead. `window` is that number, for tests.
 *
 * @throws ImageError as {@link openQcow2} does, where a structure is too damaged to be followed; and
 *   `unsupported` for internal snapshots and bitmaps, whose clusters are not looked for here.
 */
export function checkQcow2(source: ByteSource, window: number = WINDOW): Qcow2Check {
  const header = readHeader(source);
  if (header.snapshots > 0) throw new ImageError('unsupported', 'the qcow2 file has internal snapshots');
  if (header.bitmaps) throw new ImageError('unsupported', 'the qcow2 file has dirty bitmaps');
  const fileClusters = Math.ceil(source.size / header.clusterSize);
  const problems: Qcow2Problem[] = [];
  const counts = { leak: 0, refcount: 0, overlap: 0, 'copied-flag': 0 };
  let allocatedClusters = 0;
  for (let first = 0; first < fileClusters; first += window) {
    const counters = new Uint32Array(Math.min(window, fileClusters - first));
    const guests = countReferences(source, header, first, counters);
    if (first === 0) allocatedClusters = guests;
    let cluster = first;
    for (const stored of storedCounts(source, header, first, first + counters.length)) {
      const counter = counters[cluster - first] ?? 0;
      for (const kind of judge(counter, stored)) {
        counts[kind]++;
        const offset = cluster * header.clusterSize;
        if (problems.length < MAX_LISTED) problems.push({ kind, offset, stored, used: counter & COUNT });
      }
      cluster++;
    }
  }
  const { leak: leaks, ...others } = counts;
  const errors = Object.values(others).reduce((sum, count) => sum + count, 0);
  return { allocatedClusters, fileClusters, leaks, errors, problems };
}

/** Counts the uses of clusters `first` and after; returns how many guest clusters there are in all. */
function countReferences(source: ByteSource, header: Header, first: number, counters: Uint32Array): number {
  const { clusterSize } = header;
  let guests = 0;
  for (const { offset, size, table, copied, guest } of references(source, header)) {
    if (guest) guests++;
    const flags = (table ? TABLE : 0) | (copied === undefined ? 0 : copied ? COPIED : NOT_COPIED);
    const from = Math.max(0, Math.floor(offset / clusterSize) - first);
    const to = Math.min(counters.length, Math.ceil((offset + size) / clusterSize) - first);
    for (let index = from; index < to; index++) {
      const counter = (counters[index] ?? 0) | flags;
      counters[index] = (counter & COUNT) === COUNT ? counter : counter + 1;
    }
  }
  return guests;
}

function* judge(counter: number, stored: number): Generator<Qcow2Problem['kind']> {
  const used = counter & COUNT;
  if (stored > used) yield 'leak';
  if (stored < used) yield 'refcount';
  if (counter & TABLE && used > 1) yield 'overlap';
  if (counter & (stored === 1 ? NOT_COPIED : COPIED)) yield 'copied-flag';
}

/** The reference counts that the file holds of clusters `first` to `end`. */
function* storedCounts(source: ByteSource, header: Header, first: number, end: number): Generator<number> {
  const { clusterSize, refcountOrder } = header;
  const perBlock = (clusterSize * 8) >> refcountOrder;
  let start = 0;
  for (const offset of refcountBlocks(source, header)) {
    if (start >= end) return;
    if (start + perBlock > first) {
      const block = offset === 0 ? undefined : readStructure(source, offset, clusterSize, 'refcount block');
      for (let cluster = Math.max(start, first); cluster < Math.min(start + perBlock, end); cluster++) {
        yield block ? readCount(block, cluster - start, refcountOrder) : 0;
      }
    }
    start += perBlock;
  }
  // The table may end before the file does.
  for (let cluster = Math.max(start, first); cluster < end; cluster++) yield 0;
}

/** One count of a refcount block; those of less than a byte begin at the least significant bit. */
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
