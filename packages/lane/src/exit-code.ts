// SPDX-License-Identifier: Apache-2.0
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

/** The exit status for an error; what no package reasoned about is a defect of ours (EX_SOFTWARE, 70). */
export function exitCodeOf(error: unknown): number {
  return error instanceof Failure ? EXIT_CODE[error.kind] : EXIT_CODE.unfulfilled;
}

/** The reason as one line: what went wrong, then what to do about it. */
export function reasonOf(error: unknown): string {
  const text =
    error instanceof Failure
      ? [error.message, error.fix].filter((part) => part !== undefined && part !== '').join('; ')
      : `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return oneLine(text);
}

/** Anything that would break the line or drive the terminal is shown as an escape. */
function oneLine(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' | ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
      JSON.stringify(character).slice(1, -1),
    );
}
