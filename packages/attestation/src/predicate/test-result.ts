// SPDX-License-Identifier: Apache-2.0
import type { Shape } from '../json.js';
import { type ResourceDescriptor, readResource } from '../statement/resource.js';
import { type Statement, type Subject, statementOf } from '../statement/statement.js';
import { PREDICATE_TYPE } from './types.js';

/** A boot of an image; taken from a record that was verified. */
export interface RecordedBoot {
  readonly caseName: string;
  /** Whether the boot came out as its matrix expects. */
  readonly asExpected: boolean;
  /** The digest of the record. */
  readonly recordSha256: string;
}

const RESULTS = ['PASSED', 'WARNED', 'FAILED'] as const;

/** Makes the statement of what boots of an image came to, as in-toto's test result v0.1. It has passed where all came out as expected. */
export function testResultStatement(image: Subject, boots: readonly RecordedBoot[]): Statement {
  if (boots.length === 0) throw new RangeError('there are boots to tell of');
  const named = boots.map((boot) => ({
    ...boot,
    name: `${boot.caseName} ${boot.recordSha256.slice(0, 16)}`,
  }));
  const sorted = named.sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = (asExpected: boolean) =>
    sorted.filter((boot) => boot.asExpected === asExpected).map(({ name }) => name);
  const failed = names(false);
  return statementOf([image], PREDICATE_TYPE.testResult, {
    result: failed.length === 0 ? 'PASSED' : 'FAILED',
    configuration: sorted.map(({ name, recordSha256 }) => ({ name, digest: { sha256: recordSha256 } })),
    passedTests: names(true),
    warnedTests: [],
    failedTests: failed,
  });
}

/** What a test result says. */
export interface TestResult {
  readonly result: (typeof RESULTS)[number];
  readonly configuration: readonly ResourceDescriptor[];
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Reads a test result. @throws AttestationError `not-a-statement` for one that contradicts itself as well */
export function readTestResult(predicate: Shape): TestResult {
  const word = predicate.text('result');
  const result = RESULTS.find((each) => each === word) ?? predicate.bad('result', RESULTS.join(' or '));
  const failed = predicate.texts('failedTests');
  if (result === 'PASSED' && failed.length > 0)
    predicate.bad('failedTests', 'none where the result is PASSED');
  predicate.texts('warnedTests');
  return {
    result,
    configuration: predicate.shapes('configuration').map(readResource),
    passed: predicate.texts('passedTests'),
    failed,
  };
}
