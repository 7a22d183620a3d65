// SPDX-License-Identifier: Apache-2.0
import {
  always,
  type DocumentValue,
  defineDocument,
  digest,
  field,
  matching,
  text,
} from '@latticra/evidence-format/define';

/** The name of a review: up to 128 letters, digits and `._:@+-`, a letter or digit first. */
export const reviewId = matching(
  /[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}/,
  'up to 128 letters, digits and ._:@+-',
  'review',
);

/**
 * An operator's consent that one image may be booted, once reviewed, for one profile. It can say nothing else; the
 * digest is of the image, and the review is the one in which the operator agreed.
 */
export const operatorConsent = defineDocument('LATTICRA OPERATOR CONSENT', [
  field('operator_review_id', 'operatorReviewId', reviewId),
  field('profile', 'profile', text),
  field('disk_image_sha256', 'diskImageSha256', digest),
  always('qemu_execution_consented', 1),
]);
export type OperatorConsent = DocumentValue<typeof operatorConsent>;
