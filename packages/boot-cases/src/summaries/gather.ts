// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import {
  type AnchoredFolder,
  createVisits,
  type Name,
  openAnchor,
  type Visits,
} from '@latticra/held-files/anchor';
import { verifyNamed } from '../record/gather.js';
import { type RecordSummary, summaryOf } from '../record/summary.js';
import type { VerifyRecordOptions } from '../record/verify.js';
import { readTurn, type Ways } from './read.js';
import type { JudgeOptions, JudgeThread } from './there.js';
import { type JudgedTurn, judgeTurn, type Refusal, type TurnOutcome } from './turn.js';

/** From here on a second thread saves more than its start takes. */
const WORTH_NAMES = 512;

/** The most bytes that wait for the other thread: while it starts this one goes on reading. */
const MAX_WAITING = 16 << 20;

/** How records are read to be held against a matrix. */
export interface GatherSummariesOptions extends VerifyRecordOptions {
  /**
   * Whether the process may be in the folders of records for moments, in which it looks up their names in half the time: where nobody
   * has a relative path on its way to the system meanwhile, as an asynchronous call of `node:fs` has. Not unless given.
   */
  readonly mayChangeDirectory?: boolean | undefined;
}

/**
 * Reads and verifies every record in the folders of `folder`, as `gatherRecords` does, and returns what a table needs of each, in the
 * order of their names. Where there are many a second thread verifies what this one reads; nothing that comes of it tells that.
 * @throws as `gatherRecords`; HeldFileError `io` where the second thread did not do its work
 */
export function gatherSummaries(
  folder: string,
  options: GatherSummariesOptions = {},
): Promise<RecordSummary[]> {
  return gatherSummariesBy(folder, options, (count) =>
    count >= WORTH_NAMES && availableParallelism() > 1
      ? async (judge) => (await import('./there.js')).startJudge(judge)
      : undefined,
  );
}

/** Starts a second thread; undefined for none. @internal */
export type StartJudge = ((options: JudgeOptions) => JudgeThread | Promise<JudgeThread>) | undefined;

/** Does what {@link gatherSummaries} does. @param startFor says whether so many names are worth a second thread @internal */
export async function gatherSummariesBy(
  folder: string,
  { signers, mayChangeDirectory }: GatherSummariesOptions,
  startFor: (count: number) => StartJudge,
): Promise<RecordSummary[]> {
  const held = openAnchor(folder);
  const visits = mayChangeDirectory === true ? createVisits() : STAYING;
  try {
    const names = [...held.list().names];
    const start = startFor(names.length);
    if (start !== undefined) return await byTwo({ held, names, ways: visits, options: { signers } }, start);
    return names.flatMap((name) => {
      const record = verifyNamed(held, name, { signers });
      return record === undefined ? [] : [summaryOf(record)];
    });
  } finally {
    visits.close();
    held.close();
  }
}

/** Looks names up from wherever the process is. */
const STAYING: Visits = {
  within: (_, work) => work(),
  through: (folders, work) => folders.map((folder) => work(folder)),
  close: () => undefined,
};

interface Gathering {
  readonly held: AnchoredFolder;
  readonly names: readonly Name[];
  readonly ways: Ways;
  readonly options: VerifyRecordOptions;
}

/** Reads all records, in their order, and lets another thread verify them, as far as it keeps up. */
async function byTwo(
  { held, names, ways, options }: Gathering,
  start: NonNullable<StartJudge>,
): Promise<RecordSummary[]> {
  const judged: JudgedTurn[] = [];
  let refused: Refusal | undefined;
  const onOutcome = (outcome: TurnOutcome) => {
    if ('records' in outcome) judged.push(outcome);
    else if (refused === undefined || outcome.place < refused.place) refused = outcome;
  };
  const thread = await start({ folder: held.path, options, onOutcome });
  try {
    // All that comes before what does not hold was handed over by then, so the first of all is told.
    for (let place = 0; place < names.length && refused === undefined; ) {
      const turn = readTurn(held, names, place, ways);
      place = turn.end;
      if (thread.waiting + turn.bytes <= MAX_WAITING) thread.judge(turn);
      else onOutcome(judgeTurn(turn, options));
      if (turn.refusal !== undefined) onOutcome(turn.refusal);
      // What the other thread says gets its turn, and so do signals.
      await setImmediate();
    }
    await thread.finish();
  } finally {
    await thread.end();
  }
  if (refused !== undefined) throw reasonOf(refused, { held, names, options });
  return judged.sort((a, b) => a.place - b.place).flatMap(({ records }) => records);
}

/** Returns the error for a record that did not hold: the one that comes of it when it is verified alone, with all that an error has. */
function reasonOf(
  { place, reason }: Refusal,
  { held, names, options }: Pick<Gathering, 'held' | 'names' | 'options'>,
): unknown {
  try {
    verifyNamed(held, names[place] ?? '', options);
  } catch (error) {
    return error;
  }
  // It was another a moment ago.
  return reason;
}
