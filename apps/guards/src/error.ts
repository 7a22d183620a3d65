// SPDX-License-Identifier: Apache-2.0
import { Failure } from '@latticra/failure';

/** The failure of a fact that a lane's contract states; a guard ends with status 1 for it. */
export class GuardFailure extends Failure<'fact'> {
  constructor(fact: string) {
    super('fact', 'unfulfilled', fact);
  }
}
