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

/**
 * Finds why no boot can be held to an expectation: it expects nothing, contradicts itself, or has a text that no document takes
 * or a pattern that is none. Returns undefined for a sound one.
 */
export function findExpectationProblem(system: SystemExpectation): ExpectationProblem | undefined {
  return findBadText(system) ?? findBadPattern(system) ?? findContradiction(system);
}

function findBadText(system: SystemExpectation): ExpectationProblem | undefined {
  const { lines, contains, patterns, forbid, prompt, buildId } = system;
  for (const [key, texts] of Object.entries({ lines, contains, patterns, forbid })) {
    if (texts.length > MAX_ITEMS)
      return problem(key, `${texts.length} of them, expected at most ${MAX_ITEMS}`);
  }
  for (const [key, text] of [
    ...lines.map((line) => ['lines', line] as const),
    ...contains.map((line) => ['contains', line] as const),
    ...(prompt === undefined ? [] : [['prompt', prompt] as const]),
    ...[
      ...patterns.map((line) => ['patterns', line] as const),
      ...forbid.map((line) => ['forbid', line] as const),
    ],
  ]) {
    if (text === '') return problem(key, 'expected some text');
    if (text.length > MAX_TEXT) return problem(key, `expected at most ${MAX_TEXT} characters`);
    if (!isPlainText(text)) return problem(key, 'expected one line without control or invisible characters');
  }
  if (buildId !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$/.test(buildId)) {
    return problem('buildId', 'expected up to 128 letters, digits and ._:@+-');
  }
  for (const [key, text] of Object.entries({ prompt, buildId })) {
    if (text === NONE) return problem(key, `${NONE} stands for nothing in a record`);
  }
  return undefined;
}

function findBadPattern({ patterns, forbid }: SystemExpectation): ExpectationProblem | undefined {
  for (const [key, sources] of Object.entries({ patterns, forbid })) {
    for (const source of sources) {
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
  const isNothing = [...lines, ...contains, ...patterns].length === 0 && prompt === undefined;
  if (isNothing && buildId === undefined) return problem('lines', 'nothing is expected of the log');
  const isForbidden = forbiddenIn(forbid, forbidServices);
  for (const [key, texts] of Object.entries({ lines, contains })) {
    const bad = texts.find(isForbidden);
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

const problem = (key: string, reason: string): ExpectationProblem => ({
  key: key as keyof SystemExpectation,
  reason,
});
