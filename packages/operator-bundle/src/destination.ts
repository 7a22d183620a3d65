// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { NONE } from '@latticra/evidence-format/define';
import { type ArtifactManifest, UNSIGNED_LOCAL } from '@latticra/manifest';
import { OperatorBundleError } from './error.js';

/**
 * Returns the folder in which a bundle is staged where none was given, which is named for the version.
 * @throws OperatorBundleError `bad-version`
 */
export function defaultOutputDir(artifactVersion: string): string {
  // A version comes out of a file; it must not lead anywhere else.
  if (!/^[A-Za-z0-9][A-Za-z0-9._+-]{0,199}$/.test(artifactVersion)) {
    throw new OperatorBundleError(
      'bad-version',
      `artifact_version ${JSON.stringify(artifactVersion)}: expected letters, digits, '.', '_', '+' and '-', as a folder name`,
      { fix: 'give --output-dir' },
    );
  }
  return `artifacts/os-images/${artifactVersion}/operator-bundle`;
}

/** Returns the absolute path of every file that a manifest in `folder` names. */
export function inputPaths(manifest: ArtifactManifest, folder: string): string[] {
  const { iso, vmImage, operatorRecoveryPath } = manifest;
  const named = [iso, vmImage].flatMap((artifact) =>
    artifact === undefined ? [] : [artifact.path, artifact.signaturePath, artifact.sbomPath],
  );
  return [...named, operatorRecoveryPath]
    .filter((path) => path !== NONE && path !== UNSIGNED_LOCAL)
    .map((path) => resolve(folder, path));
}

/**
 * Refuses an output folder that holds an input, is one, or lies inside one; symbolic links are followed.
 * @param output absolute; it need not be there yet
 * @param inputs absolute
 * @throws OperatorBundleError `overlap`
 */
export async function assertApart(output: string, inputs: readonly string[]): Promise<void> {
  const target = await realLocation(output);
  for (const input of inputs) {
    const source = await realLocation(input);
    if (isInside(target, source) || isInside(source, target)) {
      throw new OperatorBundleError('overlap', `${output}: overlaps with the input ${input}`, {
        fix: 'name an output folder that is apart from the artifacts',
      });
    }
  }
}

/** Returns whether `path` is `folder` or lies under it. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/** Returns the path with every link in it followed, as far as there is something there. */
async function realLocation(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realLocation(parent), basename(path));
  }
}
