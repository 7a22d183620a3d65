// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureKind } from '@latticra/failure';

/**
 * - `not-held`: a step was done, and its result is not what a release needs.
 * - `not-booted`: everything else held, and there is nothing here that could boot the release.
 */
export type RehearsalErrorCode = 'not-held' | 'not-booted';

const KIND: Record<RehearsalErrorCode, FailureKind> = {
  'not-held': 'unfulfilled',
  'not-booted': 'tool-missing',
};

/** The error of a rehearsal. */
export class RehearsalError extends Failure<RehearsalErrorCode> {
  constructor(code: RehearsalErrorCode, message: string, fix: string) {
    super(code, KIND[code], message, { fix });
  }
}
