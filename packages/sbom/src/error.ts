// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * What can stop this package from making a document.
 *
 * - `not-conforming`: the document that the input describes would break SPDX 2.3; the message names the clause.
 * - `doubled-name`: two files of one release have one name, so a reader could not tell which is meant.
 * - `bad-time`: a number of seconds that no `created` time can be written for.
 * - `unreadable`: a database of a root file system that follows no rule of its kind; the message names file and line.
 */
export type SbomErrorCode = 'not-conforming' | 'doubled-name' | 'bad-time' | 'unreadable';

/** Thrown by the writers of this package. Checking a document never throws: it returns findings. */
export class SbomError extends Failure<SbomErrorCode> {
  constructor(code: SbomErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
