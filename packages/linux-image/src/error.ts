// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/** - `not-one-line`: a text that is empty, has more than one line, or does not end its line. */
export type LinuxImageErrorCode = 'not-one-line';

/** What this package refuses. */
export class LinuxImageError extends Failure<LinuxImageErrorCode> {
  constructor(code: LinuxImageErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
