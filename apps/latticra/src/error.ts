// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';

/** `not-held`: a step was done, and what came of it is not what a release needs. */
export class RehearsalError extends Failure<'not-held'> {
  constructor(message: string, fix: string) {
    super('not-held', 'unfulfilled', message, { fix });
  }
}
