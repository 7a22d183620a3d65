// SPDX-License-Identifier: Apache-2.0

import { checkFile } from '../../check-file.js';
import { assertConsent, loadOperatorConsent } from '../../consent/check.js';
import type { LoadedEvidence } from '../load.js';

/**
 * Whether the operator consented to this very boot.
 * @throws BootPreviewError `not-consented`, `mismatch`, `path-escape`; ManifestError for a consent that is none
 */
export async function checkConsent(record: LoadedEvidence): Promise<void> {
  const { files, profile, operatorReviewId } = record.evidence;
  const { path } = await checkFile(record, 'operator_consent', files.operatorConsent);
  const { manifest } = await loadOperatorConsent(path, record.folder);
  const boot = { operatorReviewId, profile: profile.name, diskImageSha256: files.diskImage.sha256 };
  assertConsent(record.path, manifest, boot);
}
