// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Why a folder becomes no page.
 *
 * - `claim`: a file in it says that something is ready; nothing here may say so.
 * - `link`: a symbolic link, a FIFO, a socket or a device where files and folders belong.
 * - `too-many`: more files, folders within folders, or text than a page is made of.
 * - `not-picture`: bytes that are no PNG, or one that is damaged or too large.
 */
export type EvidenceReportErrorCode = 'claim' | 'link' | 'too-many' | 'not-picture';

const KIND: Record<EvidenceReportErrorCode, FailureKind> = {
  claim: 'data',
  link: 'data',
  'too-many': 'data',
  'not-picture': 'data',
};

/** The error of this package. */
export class EvidenceReportError extends Failure<EvidenceReportErrorCode> {
  constructor(code: EvidenceReportErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}
