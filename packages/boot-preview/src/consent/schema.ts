// SPDX-License-Identifier: Apache-2.0

/** The title line of an operator's consent. */
export const CONSENT_TITLE = 'LATTICRA OPERATOR CONSENT';

/** An operator's consent that one image may be booted, once reviewed, for one profile. It can say nothing else. */
export interface OperatorConsent {
  /** Names the review in which the operator agreed. */
  readonly operatorReviewId: string;
  readonly profile: string;
  /** 64 hexadecimal digits of the image. */
  readonly diskImageSha256: string;
}

const REVIEW_ID = /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$/;

/** Whether a review can be called this: up to 128 letters, digits and `._:@+-`, a letter or digit first. */
export function isReviewId(text: string): boolean {
  return REVIEW_ID.test(text);
}
