// SPDX-License-Identifier: Apache-2.0
import { NOTHING_EXPECTED, type SystemExpectation } from '@latticra/vm-run';
import { lookInto } from './evidence.js';

type OneOrMore = string | readonly string[];

/** What a table of a matrix says of the evidence; the keys are those of the file. */
export interface ExpectationKeys {
  readonly lines?: readonly string[] | undefined;
  readonly contains?: OneOrMore | undefined;
  readonly pattern?: OneOrMore | undefined;
  readonly prompt?: string | undefined;
  readonly forbid?: OneOrMore | undefined;
  readonly forbid_services?: boolean | undefined;
  readonly build_id?: string | undefined;
  readonly exit_code?: number | undefined;
}

/** The key of the file for each part of an expectation. */
const KEY: Record<keyof SystemExpectation, keyof ExpectationKeys> = {
  lines: 'lines',
  contains: 'contains',
  patterns: 'pattern',
  prompt: 'prompt',
  forbid: 'forbid',
  forbidServices: 'forbid_services',
  buildId: 'build_id',
  exitCode: 'exit_code',
};

const listOf = (value: OneOrMore | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/**
 * Joins what an image says of itself and what is said for all: each key of its own stands for that of all, but what is
 * forbidden for all stays so.
 * @returns the expectation, or the key for which no boot could be held to it, and why
 */
export function joinExpectations(
  own: ExpectationKeys,
  all: ExpectationKeys,
): SystemExpectation | { readonly key: string; readonly reason: string } {
  const system: SystemExpectation = {
    ...NOTHING_EXPECTED,
    lines: own.lines ?? all.lines ?? [],
    contains: listOf(own.contains ?? all.contains),
    patterns: listOf(own.pattern ?? all.pattern),
    prompt: own.prompt ?? all.prompt,
    forbid: [...new Set([...listOf(all.forbid), ...listOf(own.forbid)])],
    forbidServices: (own.forbid_services ?? false) || (all.forbid_services ?? false),
    buildId: own.build_id ?? all.build_id,
    exitCode: own.exit_code ?? all.exit_code,
  };
  const { evidence, problem } = lookInto(system);
  return problem === undefined ? evidence : { key: KEY[problem.key], reason: problem.reason };
}
