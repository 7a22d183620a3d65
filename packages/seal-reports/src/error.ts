// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * The reason why a receipt is not written over a report.
 *
 * - `source-allows`: it does not deny everything that every report denies.
 * - `source-altered`: it denies, but is not what this package says for the same request.
 */
export type SealReportErrorCode = 'source-allows' | 'source-altered';

/** Thrown by this package. A request that is denied is no error but what the reports are about. */
export class SealReportError extends Failure<SealReportErrorCode> {
  constructor(code: SealReportErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
