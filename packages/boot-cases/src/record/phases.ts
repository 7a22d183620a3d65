// SPDX-License-Identifier: Apache-2.0
import { BOOT_PHASES, findPhases } from '@latticra/vm-run';
import type { BootRecord } from './record.js';

/**
 * Returns what cannot be of one boot in the times of a record, in a sentence; undefined where all fits. The parts that have a time
 * are those that the log tells apart, and each begins no earlier than the one before. No log shows the times themselves.
 */
export function phaseProblem(
  { phases, durationMs }: BootRecord,
  lines: readonly string[],
): string | undefined {
  const found = findPhases(lines);
  let before = 0;
  for (const phase of BOOT_PHASES) {
    const ms = phases[phase];
    if ((ms === undefined) !== (found[phase] === undefined)) {
      const [says, shows] = ms === undefined ? ['no time', 'it'] : ['a time', 'no such part'];
      return `has ${says} for phase_${phase}_ms, and its log shows ${shows}`;
    }
    if (ms === undefined) continue;
    if (ms < before) return `has phase_${phase}_ms ${ms}, before the part that came first`;
    before = ms;
  }
  if (phases.end < before || phases.end > durationMs) {
    return `has phase_end_ms ${phases.end}, expected ${before} to ${durationMs}`;
  }
  return undefined;
}
