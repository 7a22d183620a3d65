// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, fields, formatDigest } from '@latticra/evidence-format';
import { CONSENT_TITLE, type OperatorConsent } from './schema.js';

/** A consent as a document: its four fields, in their order. */
export function operatorConsentDocument(consent: OperatorConsent): EvidenceDocument {
  return {
    title: CONSENT_TITLE,
    fields: fields({
      operator_review_id: consent.operatorReviewId,
      profile: consent.profile,
      disk_image_sha256: formatDigest(consent.diskImageSha256),
      qemu_execution_consented: 1,
    }),
    sections: [],
  };
}
