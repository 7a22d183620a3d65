// SPDX-License-Identifier: Apache-2.0
import { tailOf, VmRunError } from './error.js';
import type { Expectation } from './expectation.js';
import { observedFacts } from './facts.js';
import type { BootObservation } from './observation.js';
import { bootVerdict } from './verdict.js';

/**
 * Refuses a boot that was observed and did not do what it had to: boot, or be refused by the firmware.
 * @throws VmRunError with the verdict's code, its reason and the end of the log
 */
export function assertBoot(observation: BootObservation, expectation: Expectation): void {
  const verdict = bootVerdict(observedFacts(observation), expectation);
  if (verdict.outcome !== 'failed') return;
  const { imageBefore, serialLines, serialRest, serialLog } = observation;
  // Of a time-out the reason says it.
  const isSilent = verdict.code === 'timeout' && [...serialLines, serialRest].join('').trim() === '';
  const tail = isSilent ? '' : `; ${tailOf(serialLines)}`;
  throw new VmRunError(verdict.code, `${imageBefore.path}: ${verdict.reason}${tail}`, {
    fix: `look into ${serialLog.path}`,
  });
}
