// SPDX-License-Identifier: Apache-2.0
import type { Extent } from '../layout/layout.js';

/** Consecutive guest clusters that hold content; they lie as consecutively in the file, in guest order. */
export interface ClusterRun {
  /** First guest cluster. */
  readonly first: number;
  readonly count: number;
  /** Where `first` lies, counted in clusters from the start of the data. */
  readonly host: number;
}

/** Lists the clusters that sorted, separate extents touch, as runs in guest order. */
export function clusterRuns(extents: readonly Extent[], clusterSize: number): ClusterRun[] {
  const runs: ClusterRun[] = [];
  let host = 0;
  for (const { offset, source } of extents) {
    const first = Math.floor(offset / clusterSize);
    const end = Math.ceil((offset + source.size) / clusterSize);
    const last = runs.at(-1);
    // An extent begins in the cluster where the one before ended, or right after it, or further on.
    if (last && first <= last.first + last.count) {
      const count = end - last.first;
      host += count - last.count;
      runs[runs.length - 1] = { ...last, count };
    } else {
      runs.push({ first, count: end - first, host });
      host += end - first;
    }
  }
  return runs;
}

/** Finds where a guest cluster lies, in clusters from the start of the data; undefined when it has no content. */
export function runAt(runs: readonly ClusterRun[], cluster: number): number | undefined {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = runs[middle];
    if (run && run.first <= cluster) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run && cluster < run.first + run.count ? run.host + cluster - run.first : undefined;
}
