// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { NONE } from '@latticra/evidence-format/define';
import { type Measurement, measureFile, withStableFile } from '@latticra/held-files';
import { ManifestError } from '../error.js';
import { UNSIGNED_LOCAL, writtenPath } from '../file-path.js';
import { assertImageFormat } from './image-format.js';
import { isUrl } from './recovery.js';
import type { ArtifactManifest, ArtifactRecord, VmImageFormat } from './schema.js';

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

/** The folder that relative paths start from, and the way to measure a file (`measureFile` unless given). */
export interface FromFilesOptions {
  readonly cwd: string;
  readonly measure?: (path: string) => Promise<Measurement>;
}

/**
 * Measures the files of a release and records them. Every file that is named has to be there.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws ManifestError `manifest` for a signature or SBOM without an image, a VM image without a format, or a format
 *   without one; `format` for a VM image that is not of the format it was declared to be
 */
export async function manifestFromFiles(
  files: ManifestFiles,
  options: FromFilesOptions,
): Promise<ArtifactManifest> {
  const { cwd, measure = measureFile } = options;
  const written = (path: string) =>
    writtenPath(
      resolve(cwd, path),
      files.relativeTo === undefined ? undefined : resolve(cwd, files.relativeTo),
    );
  const checkedPath = async (flag: string, path: string, words: readonly string[]): Promise<string> => {
    if (words.includes(path)) return path;
    if (path === UNSIGNED_LOCAL) {
      throw new ManifestError('manifest', `--${flag}: expected a path or ${NONE}, found ${UNSIGNED_LOCAL}`, {
        fix: `write ./${UNSIGNED_LOCAL} for a file of that name`,
      });
    }
    await withStableFile(resolve(cwd, path), () => undefined);
    return written(path);
  };
  const record = async (
    artifact: ArtifactFiles,
    flag: string,
    check: (found: Measurement) => void,
  ): Promise<ArtifactRecord | undefined> => {
    if (artifact.path === NONE) {
      for (const name of ['signature', 'sbom'] as const) {
        if (artifact[name] !== NONE)
          throw new ManifestError('manifest', `--${flag}-${name}: given without an image it belongs to`);
      }
      return undefined;
    }
    const found = await measure(resolve(cwd, artifact.path));
    check(found);
    return {
      path: written(artifact.path),
      sha256: found.sha256,
      signaturePath: await checkedPath(`${flag}-signature`, artifact.signature, [NONE, UNSIGNED_LOCAL]),
      sbomPath: await checkedPath(`${flag}-sbom`, artifact.sbom, [NONE]),
    };
  };
  const { format } = files.vmImage;
  if ((files.vmImage.path === NONE) !== (format === NONE)) {
    throw new ManifestError('manifest', 'a VM image and its format go together: give both, or neither', {
      fix: 'add --vm-image <path> --vm-format qcow2|raw',
    });
  }
  const iso = await record(files.iso, 'iso', () => undefined);
  const vmImage = await record(files.vmImage, 'vm', (found) => {
    if (format !== NONE) assertImageFormat(files.vmImage.path, found.head, format);
  });
  return {
    artifactVersion: files.artifactVersion,
    sourceCommit: files.sourceCommit,
    sourceTag: files.sourceTag,
    buildEnvironment: files.buildEnvironment,
    iso,
    vmImage: vmImage === undefined || format === NONE ? undefined : { ...vmImage, format },
    operatorRecoveryPath: isUrl(files.operatorRecoveryPath)
      ? files.operatorRecoveryPath
      : await checkedPath('operator-recovery-path', files.operatorRecoveryPath, [NONE]),
  };
}
