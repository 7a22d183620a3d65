// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, join, posix } from 'node:path';
import { ensureFolder } from '@latticra/held-files';
import { copyHeld } from '@latticra/held-files/anchor';
import type { LoadedBootArtifactManifest } from '../artifact/load.js';
import { assertDigest } from '../files/check.js';
import { type HeldPlace, holdFile, holdPlace } from '../files/inside.js';
import type { RecordedFile } from '../files/recorded.js';

/** The files that were copied of an image, by paths from the capture's folder on. */
export interface CopiedArtifacts {
  readonly manifest: RecordedFile;
  readonly image: RecordedFile;
  readonly operatorRecovery: RecordedFile;
  readonly rollbackOrRecovery: RecordedFile;
}

/**
 * Copies a boot artifact manifest and every file that it names, each under the path that it has there, and refuses a copy
 * that is not what was validated. The record then has all of it, wherever it is taken.
 * @param to folder of the copies, from `captureFolder` on
 * @throws BootPreviewError `mismatch`; HeldFileError
 */
export function copyArtifacts(
  loaded: LoadedBootArtifactManifest,
  captureFolder: string,
  to: string,
): Promise<CopiedArtifacts> {
  return holdPlace(loaded, (place) => copyHeldArtifacts(place, loaded, captureFolder, to));
}

async function copyHeldArtifacts(
  place: HeldPlace,
  loaded: LoadedBootArtifactManifest,
  captureFolder: string,
  to: string,
): Promise<CopiedArtifacts> {
  const { manifest } = loaded;
  const copy = async (field: string, path: string): Promise<RecordedFile> => {
    const target = posix.join(to, path);
    await ensureFolder(dirname(join(captureFolder, target)));
    const { sha256 } = await holdFile(place, field, path, (file) =>
      copyHeld(file, join(captureFolder, target)),
    );
    return { path: target, sha256 };
  };
  const copyRecorded = async (name: string, file: RecordedFile) => {
    const copied = await copy(`${name}_path`, file.path);
    assertDigest(loaded, `${name}_sha256`, file.sha256, copied.sha256, 'mismatch');
    return copied;
  };
  const image = await copyRecorded('artifact', manifest.artifact);
  await copyRecorded('grub_config', manifest.grubConfig);
  await copyRecorded('kernel_image', manifest.kernelImage);
  await copyRecorded('sbom', manifest.sbom);
  if (manifest.initramfs !== undefined) await copyRecorded('initramfs', manifest.initramfs);
  if (manifest.signature !== undefined) await copyRecorded('signature', manifest.signature);
  const copied = {
    image,
    operatorRecovery: await copy('operator_recovery_path', manifest.operatorRecoveryPath),
    rollbackOrRecovery: await copy('rollback_or_recovery_path', manifest.rollbackOrRecoveryPath),
    manifest: await copy('boot_artifact_manifest_path', basename(loaded.path)),
  };
  assertDigest(loaded, 'boot_artifact_manifest_sha256', loaded.sha256, copied.manifest.sha256, 'mismatch');
  return copied;
}
