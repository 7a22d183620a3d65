// SPDX-License-Identifier: Apache-2.0
import { bootPreviewFixture, ManifestError } from '@latticra/manifest';
import { loadRecorded } from '../../check-file.js';
import { refusal } from '../../error.js';
import type { LoadedEvidence } from '../load.js';

/**
 * Whether the readiness fixture that the capture was guarded by still says that nothing is ready.
 * @throws BootPreviewError `fixture-claim`, `mismatch`, `path-escape`
 */
export async function checkFixture(record: LoadedEvidence): Promise<void> {
  const { fixture } = record.evidence.files;
  const load = bootPreviewFixture.load;
  await loadRecorded(record, 'boot_preview_manifest', fixture, load).catch((cause: unknown) => {
    if (!(cause instanceof ManifestError)) throw cause;
    throw refusal('fixture-claim', record.path, 'boot_preview_manifest_path', cause.message, {
      cause,
      fix: 'capture the boot under a fixture that claims nothing',
    });
  });
}
