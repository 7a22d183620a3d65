// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import { findExpectationProblem } from '@latticra/vm-run';
import type { BootArtifacts } from '../artifact/validate.js';
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { isSeed, seedSystem } from '../expectation.js';

/**
 * Refuses a record that was held to less than its image has to show: the seed to anything but its own marks, another system to
 * another build than the image's, to nothing, or to the marks of the seed.
 * @throws BootPreviewError `record`
 */
export function checkExpected(
  { evidence, path }: HeldEvidence,
  { system, buildId }: Pick<BootArtifacts, 'system' | 'buildId'>,
): void {
  const { expected } = evidence;
  const bad = (what: string) => refusal('record', path, 'expectation', what);
  if (system === 'seed') {
    if (isDeepStrictEqual(expected, seedSystem(buildId))) return;
    throw bad('the image holds the boot seed, and its boot has to show the marks of that build');
  }
  if (isSeed(expected))
    throw bad('the image holds another system than the boot seed, whose sentinel proves nothing of it');
  if (expected.buildId !== buildId)
    throw bad(`expected the build id ${buildId}, found ${expected.buildId ?? 'none'}`);
  const problem = findExpectationProblem(expected);
  if (problem !== undefined) throw bad(`no boot can be held to it: ${problem.reason}`);
}
