// SPDX-License-Identifier: Apache-2.0
import { VmRunError } from './error.js';
import { finderOf } from './pattern/match.js';
import { parsePattern } from './pattern/parse.js';
import { compile } from './pattern/program.js';
import { PatternProblem } from './pattern/syntax.js';

/** Returns whether a line has the pattern anywhere in it. */
export type LinePattern = (line: string) => boolean;

/**
 * Makes the test of a pattern over one line. It is an automaton of our own rather than ECMAScript's matcher, which goes back
 * and tries again, for as long as a guest's line makes it: here time is bounded by length of line and pattern, and the same log
 * has the same verdict on a fast machine and a slow one.
 * @throws VmRunError `bad-pattern` for what such an automaton cannot decide
 */
export function linePattern(source: string): LinePattern {
  try {
    return finderOf(compile(parsePattern(source)));
  } catch (cause) {
    if (!(cause instanceof PatternProblem)) throw cause;
    throw new VmRunError('bad-pattern', `the pattern ${JSON.stringify(source)} has ${cause.message}`, {
      fix: 'use characters, . [] \\d \\w \\s (), |, * + ? {n,m}, ^ and $',
    });
  }
}
