// SPDX-License-Identifier: Apache-2.0
import type { RecordFiles } from '../record/files.js';
import { RECORD_FILE } from '../record/record.js';
import { type RecordSummary, summaryOf } from '../record/summary.js';
import { type VerifyRecordOptions, verifyRecordFiles } from '../record/verify.js';

/** A record whose files were read, and that nobody has looked into yet. */
export interface ReadRecord {
  /** The place of its name in the list. */
  readonly place: number;
  /** The folder, for messages. */
  readonly folder: string;
  /** By its name each file that is asked for, undefined where there is none. */
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
}

/** Records of names that stand one behind the other. */
export interface Turn {
  /** The place of the first name. */
  readonly place: number;
  readonly records: readonly ReadRecord[];
  /** The length of all files together. */
  readonly bytes: number;
}

/** What came of a turn: its records, or the first name whose record does not hold. */
export type TurnOutcome = JudgedTurn | Refusal;

/** The records of a turn, all of which hold. */
export interface JudgedTurn {
  readonly place: number;
  readonly records: readonly RecordSummary[];
}

/** A name whose record does not hold, and the error that says why. */
export interface Refusal {
  readonly place: number;
  readonly reason: unknown;
}

/** Verifies the records of a turn, in their order. */
export function judgeTurn(
  { place, records }: Pick<Turn, 'place' | 'records'>,
  options: VerifyRecordOptions,
): TurnOutcome {
  const summaries: RecordSummary[] = [];
  for (const record of records) {
    try {
      summaries.push(summaryOf(verifyRecordFiles(filesOf(record), RECORD_FILE, options)));
    } catch (reason) {
      return { place: record.place, reason };
    }
  }
  return { place, records: summaries };
}

function filesOf({ folder, files }: ReadRecord): RecordFiles {
  const named = (name: string) => {
    if (files.has(name)) return files.get(name);
    throw new RangeError(`${name} was not read`);
  };
  return {
    path: folder,
    has: (name) => named(name) !== undefined,
    read(name, maxBytes) {
      const bytes = named(name);
      if (bytes !== undefined && bytes.length <= maxBytes) return bytes;
      throw new RangeError(`${name} was not read, or is too large`);
    },
  };
}
