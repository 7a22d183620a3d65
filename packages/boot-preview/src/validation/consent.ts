// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { parseNamed } from '@latticra/manifest';
import { assertConsent } from '../consent/check.js';
import { operatorConsent } from '../consent/schema.js';
import type { HeldEvidence } from '../evidence/load.js';
import { readRecorded } from '../files/check.js';

/**
 * Refuses a record of a boot that the operator did not consent to.
 * @throws BootPreviewError `not-consented`, `mismatch`, `path-escape`; ManifestError for a file that is no consent
 */
export async function checkConsent(record: HeldEvidence): Promise<void> {
  const { files, profile, operatorReviewId } = record.evidence;
  const { path } = files.operatorConsent;
  const bytes = await readRecorded(record, 'operator_consent', files.operatorConsent, {
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  const consent = parseNamed(join(record.folder.path, path), bytes, operatorConsent);
  const boot = { operatorReviewId, profile: profile.name, diskImageSha256: files.diskImage.sha256 };
  assertConsent(record.path, consent, boot);
}
