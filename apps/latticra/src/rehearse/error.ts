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
  /** @param kind of a step that another command did and failed in: what that says of itself */
  constructor(code: RehearsalErrorCode, message: string, fix: string, kind: FailureKind = KIND[code]) {
    super(code, kind, message, { fix });
  }
}
