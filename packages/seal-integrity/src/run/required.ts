// SPDX-License-Identifier: Apache-2.0
import type { HashEntry } from '../hash-list/entry.js';
import { comparePaths } from '../path.js';
import type { Matcher } from '../pattern.js';
import { isArtifact } from '../scope/artifact.js';

/** Returns whether a hash list, in its order, holds a path. */
function hasPath(entries: readonly HashEntry[], path: string): boolean {
  let from = 0;
  let to = entries.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const order = comparePaths(entries[middle]?.path ?? '', path);
    if (order === 0) return true;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return false;
}

/** Returns, for each required file that is not in the scope, why. */
export function missingRequired(
  required: readonly string[],
  entries: readonly HashEntry[],
  exclude: Matcher,
): string[] {
  return required
    .filter((path) => !hasPath(entries, path))
    .map((path) => `${path}: is required, but ${absence(path, exclude)}`);
}

function absence(path: string, exclude: Matcher): string {
  if (isArtifact(path)) return 'is an artifact of Seal, which is never in the scope';
  const names = path.split('/');
  const excluded = names
    .map((name, index) => ({
      path: names.slice(0, index + 1).join('/'),
      name,
      isFolder: index < names.length - 1,
    }))
    .find(exclude);
  if (excluded !== undefined) return `${excluded.path} is excluded from the scope`;
  return 'is no regular file of one name in the scope; add it, or take it off policy.required_files';
}

const README = /^readme(?:[._-][a-z0-9._-]+)?$/i;
const LICENSE = /^(?:(?:[a-z0-9.]+-)?licen[cs]e|unlicense|copying)(?:[._-][a-z0-9._-]+)?$/i;

/** Returns whether a file at the root has one of the usual names of a README. */
export function isReadmeName(path: string): boolean {
  return README.test(path);
}

/** Returns whether a file at the root has one of the usual names of a license. */
export function isLicenseName(path: string): boolean {
  return LICENSE.test(path);
}
