// SPDX-License-Identifier: Apache-2.0
import { machineProblem } from '@latticra/vm-run';
import type { BootRecord } from './record.js';

/** Returns what cannot be of one machine in a record, in a sentence without its subject; undefined where all fits. */
export function recordProblem(record: BootRecord): string | undefined {
  const { firmware, firmwareBefore } = record;
  if ((firmwareBefore.variables === undefined) !== (firmware === 'seabios')) {
    return `has a digest of UEFI variables or none, unlike what ${firmware} has`;
  }
  return machineProblem(record)?.reason;
}
