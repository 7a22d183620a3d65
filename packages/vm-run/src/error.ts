// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';
import type { BootFailureCode } from './problem.js';

/**
 * Why a boot could not be observed, or was not what it had to be.
 *
 * - `emulator-missing`: the program is not there or cannot be started.
 * - `emulator-failed`: QEMU ended, or fell silent, before the machine ran; v86 failed at any time.
 * - `interrupted`: the caller asked to stop.
 * - `bad-image`: the image is not what it was named as, or needs more than its own bytes.
 * - `bad-pattern`: a pattern says what no automaton can decide, or too much.
 * - `bad-expectation`: no boot can be held to what is expected.
 * - `no-kernel`: the image holds no kernel where the boot seed keeps it, or none that can be used.
 * - `not-embedded`: something was asked of v86 that only QEMU can do.
 * - `machine`: the firmware cannot start on that machine.
 * - the codes of a verdict: it was observed, and was not what it had to be.
 */
export type VmRunErrorCode =
  | 'emulator-missing'
  | 'emulator-failed'
  | 'interrupted'
  | 'bad-image'
  | 'bad-pattern'
  | 'bad-expectation'
  | 'no-kernel'
  | 'not-embedded'
  | 'machine'
  | BootFailureCode;

const KIND: Partial<Record<VmRunErrorCode, FailureKind>> = {
  'emulator-missing': 'tool-missing',
  'bad-image': 'data',
  'bad-pattern': 'data',
  'bad-expectation': 'usage',
  'no-kernel': 'data',
  'not-embedded': 'usage',
  machine: 'usage',
};

/** The error of this package. Its message ends with the last lines of the log, where there is one. */
export class VmRunError extends Failure<VmRunErrorCode> {
  constructor(code: VmRunErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'unfulfilled', message, details);
  }
}

/** Joins the last lines of a log to one line, with nothing in it that could move a cursor. */
export function tailOf(lines: readonly string[], count = 3): string {
  const last = lines.filter((line) => line.trim() !== '').slice(-count);
  if (last.length === 0) return 'its log is empty';
  return `last lines: ${last.map((line) => line.slice(-200).replace(/\p{C}/gu, '?')).join(' / ')}`;
}
