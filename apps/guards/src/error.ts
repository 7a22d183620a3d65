// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';

/** A fact that a lane's contract states and that does not hold: what a guard ends with status 1 for. */
export class GuardFailure extends Failure<'fact'> {
  constructor(fact: string) {
    super('fact', 'unfulfilled', fact);
  }
}
