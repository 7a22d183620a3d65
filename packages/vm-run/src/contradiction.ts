// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import { VmRunError } from './error.js';
import type { SystemExpectation } from './expectation.js';
import { forbiddenIn } from './forbidden.js';
import { linePattern } from './line-pattern.js';

/** What is wrong with an expectation that a person wrote. */
export interface ExpectationProblem {
  readonly key: keyof SystemExpectation;
  /** The reason, a sentence without a full stop. */
  readonly reason: string;
}

/** The word with which documents say that there is nothing. */
const NONE = 'none';
/** The longest text that is waited for, in characters. */
const MAX_TEXT = 1000;
/** The most texts and patterns of one kind. */
const MAX_ITEMS = 64;
/** Those of which there may be several. */
const LISTS = ['lines', 'contains', 'patterns', 'forbid'] as const;

/**
 * Finds why no boot can be held to an expectation: it expects nothing, contradicts itself, or has a text that no document takes
 * or a pattern that is none. Returns undefined for a sound one.
 */
export function findExpectationProblem(system: SystemExpectation): ExpectationProblem | undefined {
  return findBadText(system) ?? findBadPattern(system) ?? findContradiction(system);
}

function findBadText(system: SystemExpectation): ExpectationProblem | undefined {
  const { prompt, buildId } = system;
  for (const key of LISTS) {
    const { length } = system[key];
    if (length > MAX_ITEMS) return problem(key, `${length} of them, expected at most ${MAX_ITEMS}`);
  }
  const bad =
    badTextIn('lines', system.lines) ??
    badTextIn('contains', system.contains) ??
    (prompt === undefined ? undefined : badTextIn('prompt', [prompt])) ??
    badTextIn('patterns', system.patterns) ??
    badTextIn('forbid', system.forbid);
  if (bad !== undefined) return bad;
  if (buildId !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$/.test(buildId)) {
    return problem('buildId', 'expected up to 128 letters, digits and ._:@+-');
  }
  if (prompt === NONE) return problem('prompt', `${NONE} stands for nothing in a record`);
  if (buildId === NONE) return problem('buildId', `${NONE} stands for nothing in a record`);
  return undefined;
}

function badTextIn(key: keyof SystemExpectation, texts: readonly string[]): ExpectationProblem | undefined {
  for (const text of texts) {
    if (text === '') return problem(key, 'expected some text');
    if (text.length > MAX_TEXT) return problem(key, `expected at most ${MAX_TEXT} characters`);
    if (!isPlainText(text)) return problem(key, 'expected one line without control or invisible characters');
  }
  return undefined;
}

function findBadPattern(system: SystemExpectation): ExpectationProblem | undefined {
  for (const key of ['patterns', 'forbid'] as const) {
    for (const source of system[key]) {
      try {
        const matches = linePattern(source);
        // Every log has an empty line, and so would be forbidden, or show what is expected.
        if (matches('')) return problem(key, `${JSON.stringify(source)} matches a line of nothing`);
      } catch (error) {
        if (!(error instanceof VmRunError)) throw error;
        return problem(key, error.message);
      }
    }
  }
  return undefined;
}

function findContradiction(system: SystemExpectation): ExpectationProblem | undefined {
  const { lines, contains, patterns, forbid, forbidServices, prompt, buildId, exitCode } = system;
  const isNothing = lines.length + contains.length + patterns.length === 0 && prompt === undefined;
  if (isNothing && buildId === undefined) return problem('lines', 'nothing is expected of the log');
  const isForbidden = forbiddenIn(forbid, forbidServices);
  for (const key of ['lines', 'contains'] as const) {
    const bad = system[key].find(isForbidden);
    if (bad !== undefined) return problem(key, `${JSON.stringify(bad)} is expected and forbidden`);
  }
  if (prompt === undefined) return undefined;
  if (isForbidden(prompt)) return problem('prompt', `${JSON.stringify(prompt)} is expected and forbidden`);
  if (exitCode === undefined) return undefined;
  return problem(
    'prompt',
    'expected no exit code with it: a system that waits at a prompt does not end the machine',
  );
}

const problem = (key: keyof SystemExpectation, reason: string): ExpectationProblem => ({ key, reason });
