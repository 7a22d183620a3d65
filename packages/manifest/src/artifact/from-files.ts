// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { type ImageForm, type Inspection, requireSignature, requireText } from '@latticra/disk-image/inspect';
import { NONE } from '@latticra/evidence-format/define';
import type { Beside } from '@latticra/held-files';
import { hashesFor, type LoadedSigners } from '@latticra/signature';
import { ManifestError } from '../error.js';
import { UNSIGNED_LOCAL, writtenPath } from '../file-path.js';
import { type InspectInput, inspectFile, requireFile } from '../inspected.js';
import { both } from './both.js';
import { assertImage, requireJson } from './content.js';
import { isUrl, writtenRunbook } from './recovery.js';
import type { ArtifactManifest, ArtifactRecord, VmImageFormat } from './schema.js';
import { readForVerification, verifyArtifact } from './signature.js';

/** One artifact as its maker names it. Paths start at the current folder; `none` stands for what is not there. */
export interface ArtifactFiles {
  readonly path: string;
  /** A path, `unsigned-local` or `none`. */
  readonly signature: string;
  /** A path or `none`. */
  readonly sbom: string;
}

/** What {@link manifestFromFiles} takes. */
export interface ManifestFiles {
  readonly artifactVersion: string;
  readonly sourceCommit: string;
  readonly sourceTag: string;
  readonly buildEnvironment: string;
  readonly iso: ArtifactFiles;
  readonly vmImage: ArtifactFiles & { readonly format: VmImageFormat | typeof NONE };
  readonly operatorRecoveryPath: string;
  /** Write paths relative to this folder, where the manifest will lie; absolute when left out. */
  readonly relativeTo?: string | undefined;
}

/**
 * The folder that relative paths start from, the way to measure and look into an image (`inspectFile` unless given), and by
 * whom every image has to be signed, where that is to be verified.
 */
export interface FromFilesOptions {
  readonly cwd: string;
  readonly inspect?: InspectInput;
  readonly signers?: LoadedSigners | undefined;
  /** Ends the measuring, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures the files of a release and records them. Every file that is named has to be there, and to be by its content what
 * it is named as.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws ManifestError `manifest` for a signature or SBOM without an image, a VM image without a format, a format without
 *   one, or a runbook at an address that is not https; `format` for a file that is something else; `unsigned`
 * @throws SignatureError for an image that is not signed by whom it has to be
 */
export async function manifestFromFiles(
  files: ManifestFiles,
  options: FromFilesOptions,
): Promise<ArtifactManifest> {
  const { cwd, inspect = inspectFile, signers, signal } = options;
  const written = (path: string) =>
    writtenPath(
      resolve(cwd, path),
      files.relativeTo === undefined ? undefined : resolve(cwd, files.relativeTo),
    );
  const checkedPath = async (
    flag: string,
    path: string,
    words: readonly string[],
    require: (inspection: Inspection) => unknown,
  ): Promise<string> => {
    if (words.includes(path)) return path;
    if (path === UNSIGNED_LOCAL) {
      throw new ManifestError('manifest', `--${flag}: expected a path or ${NONE}, found ${UNSIGNED_LOCAL}`, {
        fix: `write ./${UNSIGNED_LOCAL} for a file of that name`,
      });
    }
    await requireFile(resolve(cwd, path), path, require);
    return written(path);
  };
  const record = async (
    artifact: ArtifactFiles,
    flag: string,
    format: ImageForm,
    beside: Beside,
  ): Promise<ArtifactRecord | undefined> => {
    if (artifact.path === NONE) {
      for (const name of ['signature', 'sbom'] as const) {
        if (artifact[name] !== NONE)
          throw new ManifestError('manifest', `--${flag}-${name}: given without an image it belongs to`);
      }
      return undefined;
    }
    const signature =
      signers && (await readForVerification(artifact.path, artifact.signature, (path) => resolve(cwd, path)));
    const { measurement, inspection } = await inspect(resolve(cwd, artifact.path), {
      ...hashesFor(signature?.signatureFile),
      ...beside,
    });
    assertImage(artifact.path, inspection, format);
    if (signers !== undefined && signature !== undefined) {
      verifyArtifact(signature.signatureFile, measurement, signers);
    }
    return {
      path: written(artifact.path),
      sha256: measurement.sha256,
      signaturePath: await checkedPath(
        `${flag}-signature`,
        artifact.signature,
        [NONE, UNSIGNED_LOCAL],
        requireSignature,
      ),
      sbomPath: await checkedPath(`${flag}-sbom`, artifact.sbom, [NONE], requireJson),
    };
  };
  const { format } = files.vmImage;
  if ((files.vmImage.path === NONE) !== (format === NONE)) {
    throw new ManifestError('manifest', 'a VM image and its format go together: give both, or neither', {
      fix: 'add --vm-image <path> --vm-format qcow2|raw',
    });
  }
  const [iso, vmImage] = await both(
    (beside) => record(files.iso, 'iso', 'iso', beside),
    (beside) => record(files.vmImage, 'vm', format === NONE ? 'raw' : format, beside),
    { signal, isAlone: files.iso.path === NONE || files.vmImage.path === NONE },
  );
  return {
    artifactVersion: files.artifactVersion,
    sourceCommit: files.sourceCommit,
    sourceTag: files.sourceTag,
    buildEnvironment: files.buildEnvironment,
    iso,
    vmImage: vmImage === undefined || format === NONE ? undefined : { ...vmImage, format },
    operatorRecoveryPath: isUrl(files.operatorRecoveryPath)
      ? files.operatorRecoveryPath
      : writtenRunbook(
          await checkedPath('operator-recovery-path', files.operatorRecoveryPath, [NONE], requireText),
        ),
  };
}
