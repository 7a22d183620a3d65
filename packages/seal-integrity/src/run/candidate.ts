// SPDX-License-Identifier: Apache-2.0
import { compilePattern, type Entry } from '../pattern.js';

/** The characters that mean something else in a pattern, or end the string that it stands in: there are no escapes. */
const UNSPELLABLE = /["*]/;

/** Returns whether a manifest can spell a path in a pattern. */
export function isSpellable(path: string): boolean {
  return !UNSPELLABLE.test(path);
}

/** A pattern that `init` would write for a name that it found. */
export interface Candidate {
  readonly pattern: string;
  /** What it is to leave out, or one of many. */
  readonly meant: Entry;
  /** Why that is left out, beginning with the path. */
  readonly reason: string;
}

/**
 * Returns why a pattern is not to be written, or undefined where it leaves out what it is meant for and nothing else.
 * @param kept everything that is to stay in the scope
 */
export function patternProblem({ pattern, meant }: Candidate, kept: readonly Entry[]): string | undefined {
  if (!isSpellable(meant.path)) return 'no pattern can spell its name';
  const matches = compilePattern(pattern);
  if (!matches(meant)) return 'no pattern leaves it out';
  // A whole path stands for one thing; there may be too many of them to ask for each.
  if (pattern === meant.path && pattern.includes('/')) return undefined;
  const other = kept.find(matches);
  return other === undefined ? undefined : `no pattern leaves it out without ${other.path}`;
}
