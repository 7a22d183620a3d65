// SPDX-License-Identifier: Apache-2.0
import { readManifest } from '@latticra/manifest';
import { CONSENT_TITLE, isReviewId, type OperatorConsent } from './schema.js';

/**
 * Reads a consent: exactly its four fields, the last of which says yes.
 * @throws EvidenceError for the text, a missing, doubled or unknown field, a digest that is none
 * @throws ManifestError `manifest` for another title, a review id that is none, or a consent that says no
 */
export function parseOperatorConsent(input: Uint8Array | string): OperatorConsent {
  const reader = readManifest(input, CONSENT_TITLE);
  const operatorReviewId = reader.recorded('operator_review_id');
  if (!isReviewId(operatorReviewId)) {
    throw reader.problem(
      'operator_review_id',
      `expected up to 128 letters, digits and ._:@+-, found ${JSON.stringify(operatorReviewId)}`,
    );
  }
  const consent = {
    operatorReviewId,
    profile: reader.recorded('profile'),
    diskImageSha256: reader.digest('disk_image_sha256'),
  };
  reader.constant('qemu_execution_consented', '1');
  reader.end();
  return consent;
}
