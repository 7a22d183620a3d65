// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';
import { exhaustionOf, Failure, type FailureKind } from '@latticra/failure';

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
 * Returns the exit status for an error: 74 where the machine has no more files, memory or processes to give, that of a {@link Failure} by its kind, 70 (EX_SOFTWARE) for any other
 * error, which is a defect of ours.
 */
export function exitCodeOf(error: unknown): number {
  // Whatever was made of it on the way: the machine is at fault, and neither an input nor we.
  if (exhaustionOf(error) !== undefined) return EXIT_CODE.io;
  if (!(error instanceof Failure)) return EXIT_CODE.unfulfilled;
  // Of another version of its package, with a kind that this one does not know.
  return Object.hasOwn(EXIT_CODE, error.kind) ? EXIT_CODE[error.kind] : EXIT_CODE.unfulfilled;
}

/** Returns the kind of failure that a lane ended with, by its exit status; `unfulfilled` for one that no lane has. */
export function failureKindOf(status: number): FailureKind {
  const kinds = Object.keys(EXIT_CODE) as (keyof typeof EXIT_CODE)[];
  const kind = kinds.find((each) => EXIT_CODE[each] === status);
  return kind === undefined || kind === 'ok' ? 'unfulfilled' : kind;
}

/** Room for what went wrong in two long paths; more is a wall that nobody reads. */
const MAX_REASON = 1200;

/** Formats an error as one line that cannot control a terminal: what went wrong, then what to do about it. */
export function reasonOf(error: unknown): string {
  const exhaustion = exhaustionOf(error);
  if (exhaustion !== undefined) {
    const { what, errno, fix } = exhaustion;
    const isTold = error instanceof Failure && error.kind === 'io';
    return joined(isTold ? error.message : `this machine has no more to give: ${what} (${errno})`, fix);
  }
  if (!(error instanceof Failure)) {
    return plainLine(
      `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  return joined(error.message, error.fix ?? '');
}

/** Joins what went wrong and what to do about it. */
function joined(...texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => shorten(plainLine(text)))
    .join('; ');
}

/** Joins lines and escapes controls. */
function plainLine(text: string): string {
  return escapeControls(text.replace(/\s*\n\s*/g, ' | '));
}

/** Cuts the middle out of a long line: what it is about stands first, and what was expected often last. */
function shorten(line: string): string {
  if (line.length <= MAX_REASON) return line;
  return escapeControls(`${line.slice(0, MAX_REASON / 2)} … ${line.slice(-MAX_REASON / 2)}`);
}
