// SPDX-License-Identifier: Apache-2.0
import { relative, resolve } from 'node:path';
import { type Measurement, measureFile, withStableFile } from '@latticra/held-files';
import { ManifestError } from '../error.js';
import { assertImageFormat } from './image-format.js';
import { isUrl } from './recovery.js';
import {
  type ArtifactManifest,
  type ArtifactRecord,
  NONE,
  UNSIGNED_LOCAL,
  type VmImageFormat,
} from './schema.js';

/** One artifact as its maker names it; paths resolve against the current folder, `none` for what is not there. */
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
  readonly relativeTo?: string;
}

/** Where the files are, and how they are measured. */
export interface FromFilesOptions {
  readonly cwd: string;
  readonly measure?: (path: string) => Promise<Measurement>;
}

/**
 * Measures the files of a release and records them. Every file that is named has to be there.
 * @throws HeldFileError for a file that is missing, unreadable, no regular file, or changes meanwhile
 * @throws ManifestError `manifest` for a signature or SBOM of nothing, a format of nothing; `format` when the
 *   VM image is not what it was declared to be
 */
export async function manifestFromFiles(
  files: ManifestFiles,
  options: FromFilesOptions,
): Promise<ArtifactManifest> {
  const { cwd, measure = measureFile } = options;
  const written = (path: string): string => {
    const absolute = resolve(cwd, path);
    return files.relativeTo === undefined ? absolute : relative(resolve(cwd, files.relativeTo), absolute);
  };
  const companion = async (path: string): Promise<string> => {
    if (path === NONE || path === UNSIGNED_LOCAL) return path;
    await withStableFile(resolve(cwd, path), () => undefined);
    return written(path);
  };
  const record = async (artifact: ArtifactFiles, flag: string, check: (found: Measurement) => void) => {
    const named = Object.entries({ signature: artifact.signature, sbom: artifact.sbom });
    if (artifact.path === NONE) {
      for (const [name, value] of named) {
        if (value !== NONE)
          throw new ManifestError('manifest', `--${flag}-${name}: given without an image it belongs to`);
      }
      return undefined;
    }
    const found = await measure(resolve(cwd, artifact.path));
    check(found);
    return {
      path: written(artifact.path),
      sha256: found.sha256,
      signaturePath: await companion(artifact.signature),
      sbomPath: await companion(artifact.sbom),
    } satisfies ArtifactRecord;
  };
  const { format } = files.vmImage;
  if ((files.vmImage.path === NONE) !== (format === NONE)) {
    throw new ManifestError('manifest', 'a VM image and its format go together: give both, or neither', {
      fix: 'add --vm-image <path> --vm-format qcow2|raw',
    });
  }
  const iso = await record(files.iso, 'iso', () => undefined);
  const vmImage =
    format === NONE
      ? undefined
      : await record(files.vmImage, 'vm', (found) =>
          assertImageFormat(files.vmImage.path, found.head, format),
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
      : await companion(files.operatorRecoveryPath),
  };
}
