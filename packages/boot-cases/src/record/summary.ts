// SPDX-License-Identifier: Apache-2.0
import type { BootRecord } from './record.js';
import type { VerifiedRecord } from './verify.js';

/** What is read of a record to hold it against a matrix: a tenth of what it says. */
export interface RecordSummary extends Pick<VerifiedRecord, 'folder' | 'command' | 'verdict'> {
  readonly record: Pick<
    BootRecord,
    | 'caseName'
    | 'imageName'
    | 'imageFormat'
    | 'imageBefore'
    | 'attach'
    | 'machineName'
    | 'machine'
    | 'firmware'
    | 'expect'
    | 'evidence'
    | 'durationMs'
    | 'own'
  >;
}

/** Returns what a table needs of a record that was verified: ten thousand whole ones take a hundred megabytes. */
export function summaryOf({ folder, record, command, verdict }: VerifiedRecord): RecordSummary {
  const { caseName, imageName, imageFormat, imageBefore, attach, machineName } = record;
  const { machine, firmware, expect, evidence, durationMs, own } = record;
  const image = { caseName, imageName, imageFormat, imageBefore, attach, machineName };
  return {
    folder,
    record: { ...image, machine, firmware, expect, evidence, durationMs, own },
    command,
    verdict,
  };
}
