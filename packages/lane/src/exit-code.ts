// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { Failure, type FailureKind } from '@latticra/failure';

/** What a lane's exit status means: the values of sysexits.h. */
export const EXIT_CODE = {
  ok: 0,
  usage: 64,
  data: 65,
  'input-missing': 66,
  'tool-missing': 69,
  unfulfilled: 70,
  'cannot-create': 73,
  io: 74,
} as const satisfies Record<FailureKind | 'ok', number>;

/**
 * Returns the exit status for an error: that of a {@link Failure} by its kind, 70 (EX_SOFTWARE) for any other
 * error, which is a defect of ours.
 */
export function exitCodeOf(error: unknown): number {
  return error instanceof Failure ? EXIT_CODE[error.kind] : EXIT_CODE.unfulfilled;
}

/** Formats an error as one line that cannot control a terminal: what went wrong, then what to do about it. */
export function reasonOf(error: unknown): string {
  const text =
    error instanceof Failure
      ? [error.message, error.fix].filter((part) => part !== undefined && part !== '').join('; ')
      : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return escapeControls(text.replace(/\s*\n\s*/g, ' | '));
}
