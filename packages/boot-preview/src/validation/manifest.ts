// SPDX-License-Identifier: Apache-2.0
import { join, posix } from 'node:path';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { parseNamed } from '@latticra/manifest';
import type { BootArtifactManifest } from '../artifact/schema.js';
import { bootArtifactManifest } from '../artifact/schema.js';
import {
  type BootArtifacts,
  type BootArtifactValidationOptions,
  validateHeldArtifacts,
} from '../artifact/validate.js';
import { refusal } from '../error.js';
import type { HeldEvidence } from '../evidence/load.js';
import { assertDigest, readRecorded } from '../files/check.js';
import { holdFolderOf } from '../files/inside.js';

/**
 * Refuses a record of another image than its boot artifact manifest is of, or of one that changed during the boot or
 * since, and a manifest that does not hold.
 * @returns what the image was found to be
 * @throws BootPreviewError `other-image`, `image-changed`, `mismatch`, `bad-image`, `path-escape`; ManifestError
 */
export function checkManifest(
  record: HeldEvidence,
  options: BootArtifactValidationOptions,
): Promise<BootArtifacts> {
  const { path, sha256 } = record.evidence.files.bootArtifactManifest;
  // Manifest and image are read in one folder, whatever takes its place meanwhile.
  return holdFolderOf(record, 'boot_artifact_manifest_path', path, async (folder, name) => {
    const beside = { path: record.path, folder };
    const bytes = await readRecorded(
      beside,
      'boot_artifact_manifest',
      { path: name, sha256 },
      {
        maxBytes: MAX_DOCUMENT_BYTES,
      },
    );
    const place = { path: join(folder.path, name), folder };
    const manifest = parseNamed(place.path, bytes, bootArtifactManifest);
    assertSameImage(record, manifest);
    return validateHeldArtifacts(place, manifest, { ...options, otherImage: 'image-changed' });
  });
}

function assertSameImage(record: HeldEvidence, manifest: BootArtifactManifest): void {
  const { profile, files, imageSha256Before, imageSha256After } = record.evidence;
  const other = (field: string, what: string) => refusal('other-image', record.path, field, what);
  const { targetFirmware, targetBootloader } = manifest;
  if (targetFirmware !== profile.targetFirmware || targetBootloader !== profile.targetBootloader) {
    const what = `it is for ${targetBootloader} on ${targetFirmware}, not for ${profile.name}`;
    throw other('boot_artifact_manifest_path', what);
  }
  const folder = posix.dirname(files.bootArtifactManifest.path);
  for (const [field, path, named] of [
    ['disk_image_path', files.diskImage.path, manifest.artifact.path],
    ['operator_recovery_path', files.operatorRecovery.path, manifest.operatorRecoveryPath],
    ['rollback_or_recovery_path', files.rollbackOrRecovery.path, manifest.rollbackOrRecoveryPath],
  ] as const) {
    const expected = posix.join(folder, named);
    if (path !== expected) throw other(field, `the manifest names ${expected}, the record ${path}`);
  }
  const { sha256 } = files.diskImage;
  assertDigest(record, 'disk_image_sha256', manifest.artifact.sha256, sha256, 'other-image');
  assertDigest(record, 'disk_image_sha256_before', sha256, imageSha256Before, 'other-image');
  assertDigest(record, 'disk_image_sha256_after', imageSha256Before, imageSha256After, 'image-changed');
}
