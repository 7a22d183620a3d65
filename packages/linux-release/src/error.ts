// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Why a release is not built, or is not what its record says.
 *
 * - `input-differs`: an input is another one than its manifest says.
 * - `bad-input`: a file that is not what it is given as.
 * - `bad-option`: options that go not together.
 * - `record-differs`: a file is another one than the record says, or the record says what does not follow from the files.
 * - `root-damaged`: a block of the root is not what its hash tree says.
 * - `not-repeated`: the inputs, built again, give other bytes.
 */
export type LinuxReleaseErrorCode =
  | 'input-differs'
  | 'bad-input'
  | 'bad-option'
  | 'record-differs'
  | 'root-damaged'
  | 'not-repeated';

const KIND: Partial<Record<LinuxReleaseErrorCode, FailureKind>> = { 'bad-option': 'usage' };

/** What this package refuses. */
export class LinuxReleaseError extends Failure<LinuxReleaseErrorCode> {
  constructor(code: LinuxReleaseErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}
