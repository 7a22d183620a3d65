// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';

/** The error of a rehearsal. `not-held`: a step was done, and its result is not what a release needs. */
export class RehearsalError extends Failure<'not-held'> {
  constructor(message: string, fix: string) {
    super('not-held', 'unfulfilled', message, { fix });
  }
}
