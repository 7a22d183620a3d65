// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readStructure } from '../layout/view.js';
import { decodeCluster, decodeTable } from './cluster.js';
import type { Header } from './header.js';

/** Something in a qcow2 file that takes a part of it. */
export interface Reference {
  readonly offset: number;
  readonly size: number;
  /** A header or table, which nothing else may share a cluster with. */
  readonly table: boolean;
  /** The flag that says "reference count is one", where the reference carries it. */
  readonly copied: boolean | undefined;
  /** It is the content of a guest cluster, compressed or not. */
  readonly guest: boolean;
  readonly compressed: boolean;
}

const table = (offset: number, size: number, copied?: boolean): Reference => ({
  offset,
  size,
  table: true,
  copied,
  guest: false,
  compressed: false,
});

/**
 * Gives every use that the active disk makes of its file, tables first.
 * @throws ImageError as reading them does, and `corrupt` when there are more L2 tables than the file has room for,
 *   which bounds the walk by the length of the file
 */
export function* references(source: ByteSource, header: Header): Generator<Reference> {
  const { clusterSize, l1Table, l1Entries } = header;
  yield table(0, clusterSize);
  yield table(l1Table, l1Entries * 8);
  yield table(header.refcountTable, header.refcountTableClusters * clusterSize);
  for (const offset of refcountBlocks(source, header)) {
    if (offset !== 0) yield table(offset, clusterSize);
  }
  let tables = 0;
  for (const entry of tableEntries(source, l1Table, l1Entries, clusterSize)) {
    const { offset, copied } = decodeTable(entry, header, source.size);
    if (offset === 0) continue;
    if (++tables * clusterSize > source.size) {
      throw new ImageError('corrupt', 'the L1 table names more L2 tables than fit into the file');
    }
    yield table(offset, clusterSize, copied);
    yield* guestClusters(source, header, offset);
  }
}

/** Bits of the upper half of an L2 entry: its flag, and those of which any makes the entry another kind of. */
const COPIED_HALF = 0x8000_0000;
const OTHER_HALF = 0x7f00_0000;

function* guestClusters(source: ByteSource, header: Header, l2Table: number): Generator<Reference> {
  const { clusterSize } = header;
  const view = readStructure(source, l2Table, clusterSize, 'L2 table');
  for (let at = 0; at < clusterSize; at += 8) {
    const [high, low] = [view.getUint32(at), view.getUint32(at + 4)];
    if (high === 0 && low === 0) continue;
    // Nearly all entries are of plain clusters in their place; taking them apart as bigint takes ten times as long.
    const offset = (high & ~(COPIED_HALF | OTHER_HALF)) * 2 ** 32 + low;
    const isPlain =
      (high & OTHER_HALF) === 0 && offset > 0 && offset % clusterSize === 0 && offset < source.size;
    if (isPlain) {
      const copied = (high & COPIED_HALF) !== 0;
      yield { offset, size: clusterSize, table: false, copied, guest: true, compressed: false };
      continue;
    }
    const cluster = decodeCluster(view.getBigUint64(at), header, source.size);
    if (cluster.kind === 'compressed') {
      const { offset: place, size } = cluster;
      yield { offset: place, size, table: false, copied: undefined, guest: true, compressed: true };
    } else if (cluster.kind !== 'hole' && cluster.offset !== 0) {
      const { offset: place, copied } = cluster;
      yield { offset: place, size: clusterSize, table: false, copied, guest: true, compressed: false };
    }
  }
}

/** Gives the places of the refcount blocks, 0 for those that are absent. */
export function* refcountBlocks(source: ByteSource, header: Header): Generator<number> {
  const { clusterSize, refcountTable, refcountTableClusters } = header;
  const count = (refcountTableClusters * clusterSize) / 8;
  for (const entry of tableEntries(source, refcountTable, count, clusterSize)) {
    const offset = Number(entry);
    if (offset % clusterSize !== 0) {
      throw new ImageError('corrupt', `refcount table entry 0x${entry.toString(16)} names no cluster`);
    }
    if (offset >= source.size) {
      throw new ImageError('truncated', `refcount block at byte ${offset}, the file ends at ${source.size}`);
    }
    yield offset;
  }
}

/** Gives the entries of a table, read a cluster at a time. */
function* tableEntries(source: ByteSource, offset: number, count: number, clusterSize: number) {
  for (let done = 0; done < count * 8; done += clusterSize) {
    const length = Math.min(clusterSize, count * 8 - done);
    const view = readStructure(source, offset + done, length, 'table');
    for (let at = 0; at < length; at += 8) yield view.getBigUint64(at);
  }
}
