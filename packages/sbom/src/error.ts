// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * What can stop this package from making a document.
 *
 * - `not-conforming`: the document that the input describes would break SPDX 2.3; the message names the clause.
 * - `bad-time`: a number of seconds that no `created` time can be written for.
 */
export type SbomErrorCode = 'not-conforming' | 'bad-time';

/** Thrown by the writers of this package. Checking a document never throws: it returns findings. */
export class SbomError extends Failure<SbomErrorCode> {
  constructor(code: SbomErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
