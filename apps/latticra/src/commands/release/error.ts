// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureKind } from '@latticra/failure';

/**
 * - `same-file`: two of the files that a release is made of are one, or would have one name in its bundle.
 * - `not-of-release`: the matrix boots an image that is none of the release.
 * - `overtaken`: another run works in the same folder: what failed may be no fault of this one.
 * - `not-held`: a step was done, and its result is not what a release needs.
 */
export type ReleaseErrorCode = 'same-file' | 'not-of-release' | 'overtaken' | 'not-held';

const KIND: Record<ReleaseErrorCode, FailureKind> = {
  'same-file': 'usage',
  'not-of-release': 'data',
  overtaken: 'cannot-create',
  'not-held': 'unfulfilled',
};

/** The error of a release. */
export class ReleaseError extends Failure<ReleaseErrorCode> {
  constructor(code: ReleaseErrorCode, message: string, fix: string, cause?: unknown) {
    super(code, KIND[code], message, { fix, cause });
  }
}
