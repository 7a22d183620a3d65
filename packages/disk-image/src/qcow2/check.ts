// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ByteSource } from '../layout/source.js';
import { readHeader } from './header.js';
import { COUNT, countPages, FLAG, PAGE, usedPages } from './pages.js';

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
  /** Those of them that are compressed, and those that are so in a way that is not read here (zstd). */
  readonly compressedClusters: number;
  readonly unreadClusters: number;
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

/**
 * Counts anew how often each cluster of a qcow2 file is used, and compares with what the file says, as
 * `qemu-img check` does. Parts of the file that nothing uses or counts take no time, and memory does not grow
 * with the file; one with more than four million clusters in use is gone through several times instead.
 * `window` is that number, for tests. Contents are not looked at.
 *
 * @throws ImageError as {@link openQcow2} does, where a structure is too damaged to be followed; and
 *   `unsupported` for internal snapshots and bitmaps, whose clusters are not looked for here.
 */
export function checkQcow2(source: ByteSource, window: number = WINDOW): Qcow2Check {
  const header = readHeader(source);
  if (header.snapshots > 0) throw new ImageError('unsupported', 'the qcow2 file has internal snapshots');
  if (header.features.bitmaps) throw new ImageError('unsupported', 'the qcow2 file has dirty bitmaps');
  const fileClusters = Math.ceil(source.size / header.clusterSize);
  const { pages, allocatedClusters, compressedClusters } = usedPages(source, header, fileClusters);
  const problems: Qcow2Problem[] = [];
  const counts = { leak: 0, refcount: 0, overlap: 0, 'copied-flag': 0 };
  const perPass = Math.max(1, Math.floor(window / PAGE));
  for (let first = 0; first < pages.length; first += perPass) {
    for (const { cluster, counter, stored } of countPages(
      source,
      header,
      fileClusters,
      pages.slice(first, first + perPass),
    )) {
      for (const kind of judge(counter, stored)) {
        counts[kind]++;
        const offset = cluster * header.clusterSize;
        if (problems.length < MAX_LISTED) problems.push({ kind, offset, stored, used: counter & COUNT });
      }
    }
  }
  const { leak: leaks, ...others } = counts;
  const errors = Object.values(others).reduce((sum, count) => sum + count, 0);
  const unreadClusters = header.features.compression === 'zlib' ? 0 : compressedClusters;
  return { allocatedClusters, compressedClusters, unreadClusters, fileClusters, leaks, errors, problems };
}

function* judge(counter: number, stored: number): Generator<Qcow2Problem['kind']> {
  const used = counter & COUNT;
  if (stored > used) yield 'leak';
  if (stored < used) yield 'refcount';
  if (counter & FLAG.table && used > 1) yield 'overlap';
  if (counter & (stored === 1 ? FLAG.notCopied : FLAG.copied)) yield 'copied-flag';
}
