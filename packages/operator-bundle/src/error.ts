// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * - `not-ready`: the artifact manifest lacks something that an operator's review needs.
 * - `name-clash`: two files of the bundle would have one name, on some file system at least.
 * - `bad-name`: an artifact's name that a checksum file or a manifest cannot carry.
 * - `bad-version`: an artifact version that is no folder name, and no output folder was given.
 * - `bad-recovery`: a recovery runbook that is no text, or too long for one.
 * - `overlap`: the output lies inside an input, or an input inside the output.
 * - `bad-record`: a record of a boot that cannot be of the artifact whose digest it has.
 * - `no-records`: records of boots were named, and none of them is of an artifact.
 * - `bad-promotion`: a promotion folder with something that a bundle does not carry, or of another release.
 * - `evaluation-differs`: an evaluation that is not what its evidence gives.
 * - `page-unknown`: a page that another version made, in a bundle that nobody signed whose signature counts.
 * - `document-unknown`: a document that another version made, in a bundle that nobody signed whose signature counts.
 * - `damaged`: a bundle that is not, byte for byte, the one that was staged.
 */
export type OperatorBundleErrorCode =
  | 'not-ready'
  | 'name-clash'
  | 'bad-name'
  | 'bad-version'
  | 'bad-recovery'
  | 'overlap'
  | 'bad-record'
  | 'no-records'
  | 'bad-promotion'
  | 'evaluation-differs'
  | 'page-unknown'
  | 'document-unknown'
  | 'damaged';

const KIND: Record<OperatorBundleErrorCode, FailureKind> = {
  'not-ready': 'data',
  'name-clash': 'data',
  'bad-name': 'data',
  'bad-version': 'data',
  'bad-recovery': 'data',
  overlap: 'cannot-create',
  'bad-record': 'data',
  'no-records': 'data',
  'bad-promotion': 'data',
  'evaluation-differs': 'data',
  'page-unknown': 'data',
  'document-unknown': 'data',
  damaged: 'data',
};

/** Thrown instead of staging a bundle that would not stand alone, and for one that no longer does. */
export class OperatorBundleError extends Failure<OperatorBundleErrorCode> {
  constructor(code: OperatorBundleErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}

/** Makes the error for a bundle that is no longer the one that was staged. */
export function damaged(message: string, cause?: unknown): OperatorBundleError {
  return new OperatorBundleError('damaged', message, {
    cause,
    fix: 'get the bundle again, or stage it anew',
  });
}
