// SPDX-License-Identifier: Apache-2.0
import { loadRecorded } from '../../check-file.js';
import { assertConsent, loadOperatorConsent } from '../../consent/check.js';
import type { LoadedEvidence } from '../load.js';

/**
 * Whether the operator consented to this very boot.
 * @throws BootPreviewError `not-consented`, `mismatch`, `path-escape`; ManifestError for a consent that is none
 */
export async function checkConsent(record: LoadedEvidence): Promise<void> {
  const { files, profile, operatorReviewId } = record.evidence;
  const consent = files.operatorConsent;
  const { manifest } = await loadRecorded(record, 'operator_consent', consent, loadOperatorConsent);
  const boot = { operatorReviewId, profile: profile.name, diskImageSha256: files.diskImage.sha256 };
  assertConsent(record.path, manifest, boot);
}
