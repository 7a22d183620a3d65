// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Why a boot-preview document, image or record was refused.
 *
 * - `unknown-profile`: none of the three.
 * - `path-escape`: a document names a file outside its own folder, or behind a symbolic link.
 * - `mismatch`: a file is not what a document records of it.
 * - `bad-image`: an image is not of the format, or does not have the partitions, that its manifest declares.
 * - `not-consented`: the operator's consent is for another image, profile or review, or for nothing.
 * - `record`: an evidence record that is not of its form, or contradicts itself or its profile.
 * - `marked-ready`: a record that says more than was recorded.
 * - `fixture-claim`: the readiness fixture of a record claims a boot.
 * - `other-image`: a record of another image than its manifest names.
 * - `image-changed`: the image is not what it was before the boot.
 * - `edited-log`: the serial log is not the one that was recorded.
 * - `no-sentinel`: the log does not show the sentinel on a line of its own.
 * - `replayed-log`: the log is of another build than the image.
 * - `foreign-argv`: QEMU was run with other arguments than the profile's.
 * - `firmware-changed`: the firmware files are no longer those that were booted with.
 * - `expectation`: nothing, too little or something unfit is expected of an image's boot.
 * - `signature`: the signature beside a record is none of it, not by somebody who counts, or missing where one has to be.
 * - `doubled-profile`: two records of one profile.
 */
export type BootPreviewErrorCode =
  | 'unknown-profile'
  | 'path-escape'
  | 'mismatch'
  | 'bad-image'
  | 'not-consented'
  | 'record'
  | 'marked-ready'
  | 'fixture-claim'
  | 'other-image'
  | 'image-changed'
  | 'edited-log'
  | 'no-sentinel'
  | 'replayed-log'
  | 'foreign-argv'
  | 'firmware-changed'
  | 'expectation'
  | 'signature'
  | 'doubled-profile';

const KIND: Partial<Record<BootPreviewErrorCode, FailureKind>> = {
  'unknown-profile': 'usage',
  expectation: 'usage',
};

/** Thrown by everything in this package; what was refused in a document is of kind `data`. */
export class BootPreviewError extends Failure<BootPreviewErrorCode> {
  constructor(code: BootPreviewErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}

/** Makes the error about a field of the document at `path`. Its message names the code too, for a reader of logs. */
export function refusal(
  code: BootPreviewErrorCode,
  path: string,
  field: string,
  what: string,
  details?: FailureDetails,
): BootPreviewError {
  return new BootPreviewError(code, `${path}: ${field}: ${code}: ${what}`, details);
}
