// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { bootPreviewFixture, ManifestError } from '@latticra/manifest';
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { readRecorded } from '../files/check.js';

/** The limit of a fixture, which has some dozen facts. */
const MAX_FIXTURE_BYTES = 64 * 1024;

/**
 * Refuses a record whose readiness fixture, which guarded the capture, claims that anything is ready.
 * @throws BootPreviewError `fixture-claim`, `mismatch`, `path-escape`
 */
export async function checkFixture(record: HeldEvidence): Promise<void> {
  const { fixture } = record.evidence.files;
  const bytes = await readRecorded(record, 'boot_preview_manifest', fixture, { maxBytes: MAX_FIXTURE_BYTES });
  try {
    bootPreviewFixture.check(join(record.folder.path, fixture.path), { bytes, sha256: fixture.sha256 });
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    throw refusal('fixture-claim', record.path, 'boot_preview_manifest_path', cause.message, {
      cause,
      fix: 'capture the boot under a fixture that claims nothing',
    });
  }
}
