// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import { type LoadedManifest, loadManifest } from '@latticra/manifest';
import { refusal } from '../error.js';
import { type OperatorConsent, operatorConsent } from './schema.js';

/** Reads and parses the consent at `path`. @throws HeldFileError (a missing file: `not-found`), ManifestError */
export function loadOperatorConsent(path: string, cwd: string): Promise<LoadedManifest<OperatorConsent>> {
  return loadManifest(path, cwd, operatorConsent);
}

/**
 * Refuses a consent that is not for exactly this boot.
 * @param path of the consent, for the message
 * @throws BootPreviewError `not-consented` naming the field that is of another boot
 */
export function assertConsent(path: string, consent: OperatorConsent, boot: OperatorConsent): void {
  const rows = [
    ['operator_review_id', consent.operatorReviewId, boot.operatorReviewId],
    ['profile', consent.profile, boot.profile],
    ['disk_image_sha256', formatDigest(consent.diskImageSha256), formatDigest(boot.diskImageSha256)],
  ] as const;
  for (const [field, consented, asked] of rows) {
    if (consented === asked) continue;
    throw refusal('not-consented', path, field, `consents to ${consented}, not to ${asked}`, {
      fix: 'have the operator consent to this very image, profile and review',
    });
  }
}
