// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import type { HashEntry } from '../hash-list/entry.js';
import { comparePaths, pathProblem } from '../path.js';
import type { Matcher } from '../pattern.js';
import { isArtifact, isTemporary } from './artifact.js';
import type { FileOutcome } from './batch.js';
import { createModeCount, type ModeCount } from './modes.js';
import { failureText } from './read-file.js';

/** The rules of what belongs to the scope, and what may not. */
export interface ScopeRules {
  /** Returns whether something stays out of the scope; an excluded folder is not opened. */
  readonly exclude: Matcher;
  /** Returns why a file of this name must not be there, or undefined where it may. */
  readonly deniedName: (path: string, name: string) => string | undefined;
}

/** The content of the scope. */
export interface Scope {
  /** Every file that could be read, in byte order of the paths. */
  readonly entries: readonly HashEntry[];
  /** The reasons why something could not be looked at as what it was seen to be. Nothing is vouched for beside one. */
  readonly incomplete: readonly string[];
  /** Files whose names are denied. */
  readonly deniedNames: readonly string[];
  /** Files that hold denied content. */
  readonly deniedContents: readonly string[];
  /** Files of more than 25 MiB. */
  readonly large: readonly string[];
  /** Files that are left out because they are named like temporaries of Seal. */
  readonly temporaries: readonly string[];
  /** The modes that files have now. */
  readonly modes: ModeCount;
}

/** The size that `policy.max_file_size_mb` is about. */
const LARGE_BYTES = 25 << 20;

/** A scope that is being gathered. */
export interface Collector {
  /** Judges what was found under a name. Returns true for a folder to be gone into, and for a file to be read. */
  see(path: string, name: string, stats: BigIntStats): boolean;
  /** Adds the outcome of reading a file. */
  add(path: string, outcome: FileOutcome): void;
  incomplete(reason: string): void;
  /** Does some work; a reasoned failure of it makes the scope incomplete, and returns undefined. */
  attempt<T>(work: () => T): T | undefined;
  finish(): Scope;
}

/** Makes a collector that goes by these rules. */
export function createCollector({ exclude, deniedName }: ScopeRules): Collector {
  const found = {
    entries: [] as HashEntry[],
    incomplete: [] as string[],
    deniedNames: [] as string[],
    deniedContents: [] as string[],
    large: [] as string[],
    temporaries: [] as string[],
  };
  const modes = createModeCount();
  return {
    see(path, name, stats) {
      // First of all: no pattern hides what only looks like an artifact.
      if (isArtifact(path)) {
        const problem = artifactProblem(stats);
        if (problem !== undefined) found.incomplete.push(`${path}: ${problem}; remove it`);
        else if (isTemporary(path)) found.temporaries.push(path);
        return false;
      }
      if (exclude({ path, name, isFolder: stats.isDirectory() })) return false;
      const problem = pathProblem(path) ?? kindProblem(stats);
      if (problem !== undefined) {
        found.incomplete.push(`${path}: ${problem}; remove it, or exclude it`);
        return false;
      }
      if (stats.isDirectory()) return true;
      const denied = deniedName(path, name);
      if (denied !== undefined) found.deniedNames.push(`${path}: ${denied}`);
      if (stats.size > LARGE_BYTES) found.large.push(path);
      modes.see(path, stats.mode);
      return true;
    },
    add(path, outcome) {
      if ('failure' in outcome) {
        found.incomplete.push(outcome.failure);
        return;
      }
      found.entries.push({ path, sha256: outcome.sha256 });
      for (const name of outcome.found) found.deniedContents.push(`${path}: holds ${name}`);
    },
    incomplete: (reason) => found.incomplete.push(reason),
    attempt(work) {
      try {
        return work();
      } catch (error) {
        found.incomplete.push(failureText(error));
        return undefined;
      }
    },
    finish() {
      sortEntries(found.entries);
      return { ...found, modes: modes.finish() };
    },
  };
}

/** Returns why there is no evidence of such a thing, or undefined for a folder and a file of one name. */
export function kindProblem(stats: BigIntStats): string | undefined {
  if (stats.isDirectory()) return undefined;
  if (stats.isFile()) return stats.nlink === 1n ? undefined : namesProblem(stats);
  return `is ${kindOf(stats)}, expected a regular file or a folder`;
}

/** Returns why no run of Seal has written such a thing, or undefined for a file of one name, or of none any more. */
export function artifactProblem(stats: BigIntStats): string | undefined {
  if (stats.isFile()) return stats.nlink <= 1n ? undefined : namesProblem(stats);
  return `is ${kindOf(stats)}, expected a regular file`;
}

function namesProblem({ nlink }: BigIntStats): string {
  return `has ${nlink} names (hard links), expected one`;
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** Sorts entries, which come nearly sorted; only names beyond U+FFFF need the slow comparison. */
function sortEntries(entries: HashEntry[]): void {
  const isSimple = !entries.some(({ path }) => /[\ud800-\udfff]/.test(path));
  entries.sort(isSimple ? (a, b) => (a.path < b.path ? -1 : 1) : (a, b) => comparePaths(a.path, b.path));
}
