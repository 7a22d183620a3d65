// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { type LoadedBootArtifactManifest, loadBootArtifactManifest } from '../../artifact/load.js';
import { type BootArtifactValidationOptions, validateBootArtifacts } from '../../artifact/validate.js';
import { assertDigest, loadRecorded } from '../../check-file.js';
import { refusal } from '../../error.js';
import type { LoadedEvidence } from '../load.js';

/**
 * Whether a record is of the image that its boot artifact manifest is of, which no run has changed: not the recorded
 * one, and none since; and whether the manifest itself holds.
 * @returns the build id of the kernel in the image
 * @throws BootPreviewError `other-image`, `image-changed`, `mismatch`, `bad-image`, `path-escape`; ManifestError
 */
export async function checkManifest(
  record: LoadedEvidence,
  options: BootArtifactValidationOptions,
): Promise<string> {
  const { bootArtifactManifest } = record.evidence.files;
  const loaded = await loadRecorded(
    record,
    'boot_artifact_manifest',
    bootArtifactManifest,
    loadBootArtifactManifest,
  );
  assertSameImage(record, loaded);
  const { buildId } = await validateBootArtifacts(loaded, { ...options, otherImage: 'image-changed' });
  return buildId;
}

function assertSameImage(record: LoadedEvidence, { manifest }: LoadedBootArtifactManifest): void {
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
