// SPDX-License-Identifier: Apache-2.0
import { errnoOf } from '@latticra/failure';
import { HeldFileError, readFailure } from '../error.js';

/** Turns what Node threw about `path` into a reasoned error: `readFailure`, `writeFailure`, {@link openFailure}. */
type Reason = (path: string, error: unknown) => HeldFileError;

/** Does `work`, and throws its failure with a reason. @internal */
export function attempt<T>(reason: Reason, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw reason(path, error);
  }
}

/** How often a call is tried again that a signal interrupts: a process that gets more of them in one call is stuck. */
const MAX_INTERRUPTIONS = 100;

/**
 * Does `work` again when a signal interrupts it: Node does not retry reading, nor going to another folder.
 * @internal
 */
export function uninterrupted<T>(work: () => T): T {
  for (let interruptions = 0; ; interruptions += 1) {
    try {
      return work();
    } catch (error) {
      if (errnoOf(error) !== 'EINTR' || interruptions === MAX_INTERRUPTIONS) throw error;
    }
  }
}

/** Codes that say that there is something else now than what was looked at before. */
const REPLACED = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR']);

/** Returns the reason why something cannot be opened that was there a moment ago. @internal */
export function openFailure(path: string, error: unknown): HeldFileError {
  const errno = errnoOf(error);
  return REPLACED.has(errno)
    ? changed(path, `was replaced after it had been looked at (${errno})`, error)
    : readFailure(path, error);
}

/** Makes the error `changed` about something that is not what it was a moment ago. @internal */
export function changed(path: string, reason: string, cause?: unknown): HeldFileError {
  return new HeldFileError('changed', path, reason, {
    fix: 'let whatever changes it finish, then run this again',
    cause,
  });
}
