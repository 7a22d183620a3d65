// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertInside, type ByteSource } from '../layout/source.js';
import { clusterOffset, clusterSize, type FatGeometry, FIRST_CLUSTER } from './geometry.js';
import { type FatTable, isBadCluster, isChainEnd } from './table.js';

/** Pieces of one file that are kept track of; far more than a file system in use makes. */
const MAX_RUNS = 1 << 20;

/** Clusters of a chain that follow each other on the disk. */
export interface Run {
  readonly cluster: number;
  /** Clusters of the chain before this run. */
  readonly before: number;
  readonly count: number;
}

export interface ChainLimits {
  /** Names the file or folder in errors. */
  readonly what: string;
  readonly least: number;
  readonly most: number;
  /** Claims each cluster of the chain; returns false when something else has it already. */
  readonly claim?: (cluster: number) => boolean;
}

/**
 * Follows a chain of clusters to its end.
 * @throws ImageError `corrupt` when it leaves the volume, meets a free, bad or claimed cluster, or has not
 * between `least` and `most` clusters, which also ends a loop
 */
export function readChain(geometry: FatGeometry, table: FatTable, first: number, limits: ChainLimits): Run[] {
  const { type, clusters } = geometry;
  const { what, least, most, claim } = limits;
  const corrupt = (message: string) => new ImageError('corrupt', `${what}: ${message}`);
  const runs: Run[] = [];
  let run = { cluster: first, before: 0, count: 0 };
  let length = 0;
  for (let cluster = first; ; ) {
    if (cluster < FIRST_CLUSTER || cluster >= clusters + FIRST_CLUSTER) {
      throw corrupt(`its chain leads to cluster ${cluster}, the volume has 2 to ${clusters + 1}`);
    }
    if (claim && !claim(cluster)) {
      throw corrupt(`cluster ${cluster} is in use twice: its chain loops or crosses another one`);
    }
    if (++length > most) throw corrupt(`its chain is longer than the ${most} clusters it may have`);
    if (cluster !== run.cluster + run.count) {
      runs.push(run);
      run = { cluster, before: length - 1, count: 0 };
      if (runs.length >= MAX_RUNS)
        throw new ImageError('unsupported', `${what}: it is in more than ${MAX_RUNS} pieces`);
    }
    run.count++;
    const next = table.entry(cluster);
    if (isChainEnd(type, next)) break;
    if (next === 0 || isBadCluster(type, next)) {
      throw corrupt(`its chain leads from cluster ${cluster} to a ${next === 0 ? 'free' : 'bad'} one`);
    }
    cluster = next;
  }
  if (length < least) throw corrupt(`its chain has ${length} clusters, its size needs ${least}`);
  return [...runs, run];
}

/** Makes a source of the first `size` bytes of the clusters of a chain. */
export function chainSource(
  source: ByteSource,
  geometry: FatGeometry,
  runs: readonly Run[],
  size: number,
): ByteSource {
  const unit = clusterSize(geometry);
  const runAt = (cluster: number): Run | undefined => {
    let low = 0;
    let high = runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((runs[middle]?.before ?? 0) <= cluster) low = middle;
      else high = middle - 1;
    }
    return runs[low];
  };
  return {
    size,
    readInto(into, offset) {
      assertInside(size, offset, into.length, 'file');
      for (let done = 0; done < into.length; ) {
        const at = offset + done;
        const run = runAt(Math.floor(at / unit));
        if (!run) return;
        const inRun = at - run.before * unit;
        const count = Math.min(into.length - done, run.count * unit - inRun);
        source.readInto(into.subarray(done, done + count), clusterOffset(geometry, run.cluster) + inRun);
        done += count;
      }
    },
  };
}
