// SPDX-License-Identifier: Apache-2.0
import { type ExpectationProblem, findExpectationProblem } from '@latticra/vm-run';
import type { BootEvidence } from './matrix.js';

/** Evidence, and why no boot can be held to it; undefined where one can. */
interface Looked {
  readonly evidence: BootEvidence;
  readonly problem: ExpectationProblem | undefined;
}

/** What was looked into, by its text: thousands of images and records expect the same. */
const LOOKED = new Map<string, Looked>();

/** The most that is remembered. */
const MOST = 64;

/**
 * Looks into evidence: whether a boot can be held to it. What says the same is the same object afterwards, and is
 * looked into once.
 */
export function lookInto(evidence: BootEvidence): Looked {
  const text = JSON.stringify(evidence);
  const known = LOOKED.get(text);
  if (known !== undefined) return known;
  const looked = { evidence, problem: findExpectationProblem(evidence) };
  if (LOOKED.size >= MOST) LOOKED.clear();
  LOOKED.set(text, looked);
  return looked;
}
