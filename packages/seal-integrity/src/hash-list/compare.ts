// SPDX-License-Identifier: Apache-2.0
import { comparePaths } from '../path.js';
import type { HashEntry } from './entry.js';

/** The differences between two hash lists, each list in byte order of the paths. */
export interface Changes {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
}

/** Compares two hash lists, both in the order of `comparePaths`, and returns what was added, modified and removed. */
export function compareHashLists(before: readonly HashEntry[], after: readonly HashEntry[]): Changes {
  const changes = { added: [] as string[], modified: [] as string[], removed: [] as string[] };
  let at = 0;
  for (const entry of after) {
    let old = before[at];
    while (old !== undefined && comparePaths(old.path, entry.path) < 0) {
      changes.removed.push(old.path);
      old = before[++at];
    }
    if (old === undefined || old.path !== entry.path) {
      changes.added.push(entry.path);
      continue;
    }
    if (old.sha256 !== entry.sha256) changes.modified.push(entry.path);
    at++;
  }
  for (const { path } of before.slice(at)) changes.removed.push(path);
  return changes;
}

/** Counts the files that differ. */
export function countChanges({ added, modified, removed }: Changes): number {
  return added.length + modified.length + removed.length;
}
