// SPDX-License-Identifier: Apache-2.0
/** What runs in a thread that verifies records: see `there.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { VerifyRecordOptions } from '../record/verify.js';
import { type Answer, type PackedTurn, type TurnReport, unpackTurn } from './message.js';
import { judgeTurn } from './turn.js';

const options = workerData as VerifyRecordOptions;
const report = (turn: PackedTurn): TurnReport => {
  const outcome = judgeTurn(unpackTurn(turn), options);
  if ('records' in outcome) return outcome;
  const { place, reason } = outcome;
  return { place, failure: reason instanceof Error ? reason.message : String(reason) };
};
parentPort?.on('message', (turn: PackedTurn) =>
  parentPort?.postMessage({ turn: turn.place, report: report(turn) } satisfies Answer),
);
