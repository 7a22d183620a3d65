// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import { exhaustionOf } from '@latticra/failure';
import { HeldFileError } from '@latticra/held-files';
import type { VerifyRecordOptions } from '../record/verify.js';
import { type Answer, packTurn, type TurnReport } from './message.js';
import script from './thread.js?bundle';
import type { Turn, TurnOutcome } from './turn.js';

/** A thread that verifies records which this one has read. */
export interface JudgeThread {
  /** The bytes of the turns of which nothing came yet. */
  readonly waiting: number;
  /** Hands a turn over; what comes of it goes to `onOutcome`. */
  judge(turn: Turn): void;
  /** Waits until there is an outcome of every turn. @throws HeldFileError `io` where the thread did not do its work */
  finish(): Promise<void>;
  end(): Promise<void>;
}

/** How a thread is started. */
export interface JudgeOptions {
  /** The folder of all records, for messages. */
  readonly folder: string;
  readonly options: VerifyRecordOptions;
  readonly onOutcome: (outcome: TurnOutcome) => void;
  /** What runs in it, unless a test says otherwise. */
  readonly source?: string;
}

/** Starts a thread. */
export function startJudge({ folder, options, onOutcome, source = script }: JudgeOptions): JudgeThread {
  // No flag of this process is the thread's, and none of its streams are ours.
  const alone = { argv: [], execArgv: [], env: {}, stdout: true, stderr: true };
  const worker = new Worker(source, { eval: true, workerData: options, ...alone });
  /** The bytes of each turn that it has, by its place. */
  const turns = new Map<number, number>();
  let waiting = 0;
  let onIdle = () => {};
  let onGone = (_: HeldFileError) => {};
  let gone: HeldFileError | undefined;
  worker.on('message', ({ turn, report }: Answer) => {
    waiting -= turns.get(turn) ?? 0;
    turns.delete(turn);
    onOutcome(outcomeOf(report, folder));
    if (turns.size === 0) onIdle();
  });
  const end = (cause?: unknown) => {
    gone ??= new HeldFileError('io', folder, 'the thread that verifies its records did not do its work', {
      ...(cause !== undefined && { cause }),
      fix: exhaustionOf(cause)?.fix ?? 'see that there is memory enough, then run this again',
    });
    onGone(gone);
  };
  worker.on('error', end);
  worker.on('messageerror', end);
  worker.on('exit', () => end());
  return {
    get waiting() {
      return waiting;
    },
    judge(turn) {
      turns.set(turn.place, turn.bytes);
      waiting += turn.bytes;
      const packed = packTurn(turn);
      worker.postMessage(packed, [packed.bytes.buffer]);
    },
    finish: () =>
      new Promise<void>((resolve, reject) => {
        if (gone !== undefined) throw gone;
        if (turns.size === 0) resolve();
        onIdle = resolve;
        onGone = reject;
      }),
    async end() {
      await worker.terminate();
    },
  };
}

/** Returns what came of a turn, with an error for what was refused there. */
function outcomeOf(report: TurnReport, folder: string): TurnOutcome {
  if ('records' in report) return report;
  const { place, failure } = report;
  return {
    place,
    reason: new HeldFileError('changed', folder, `held another record a moment ago: ${failure}`, {
      fix: 'let whatever writes it finish, then run this again',
    }),
  };
}
