// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Why a matrix, a case or a record was refused.
 *
 * - `bad-matrix`: the file is no matrix; the message names the place in it.
 * - `unknown-case`: the matrix has no case of that name.
 * - `bad-record`: a record contradicts its own files, or is none.
 * - `no-records`: a folder that was named for its records has none.
 * - `unfulfilled`: a case did not come out as its matrix expects, or is missing.
 */
export type BootCaseErrorCode = 'bad-matrix' | 'unknown-case' | 'bad-record' | 'no-records' | 'unfulfilled';

const KIND: Record<BootCaseErrorCode, FailureKind> = {
  'bad-matrix': 'data',
  'unknown-case': 'usage',
  'bad-record': 'data',
  'no-records': 'input-missing',
  unfulfilled: 'unfulfilled',
};

/** The error of this package. */
export class BootCaseError extends Failure<BootCaseErrorCode> {
  constructor(code: BootCaseErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}
