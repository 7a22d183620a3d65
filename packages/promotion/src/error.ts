// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * Why evidence, or what is said of it, is refused.
 *
 * - `bad-transcript`: a transcript that is none, is not filled in, or contradicts itself.
 * - `log-differs`: the log beside a transcript is another one, or does not show what the transcript says.
 * - `not-signed`: a signature is missing, or is of somebody else than it has to be.
 * - `bad-review`: a review that is none, or contradicts another one of the same reviewer.
 * - `bad-evidence`: a folder of evidence that no promotion can be computed from.
 * - `bad-option`: options that go not together.
 */
export type PromotionErrorCode =
  | 'bad-transcript'
  | 'log-differs'
  | 'not-signed'
  | 'bad-review'
  | 'bad-evidence'
  | 'bad-option';

const KIND: Partial<Record<PromotionErrorCode, FailureKind>> = { 'bad-option': 'usage' };

/** What this package refuses. */
export class PromotionError extends Failure<PromotionErrorCode> {
  constructor(code: PromotionErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code] ?? 'data', message, details);
  }
}
