// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * - `usage`: an unknown, doubled or missing flag, a value of the wrong form.
 * - `unsafe-value`: a value that cannot stand on one line of a document.
 * - `no-folder`: the folder that the command was started in is not there any more.
 * - `stdout`: the answer could not be written.
 */
export type LaneErrorCode = 'usage' | 'unsafe-value' | 'no-folder' | 'stdout';

const KIND: Record<LaneErrorCode, FailureKind> = {
  usage: 'usage',
  'unsafe-value': 'data',
  'no-folder': 'input-missing',
  stdout: 'io',
};

/** An error of the command kernel itself. */
export class LaneError extends Failure<LaneErrorCode> {
  constructor(code: LaneErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}
