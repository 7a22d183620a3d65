// SPDX-License-Identifier: Apache-2.0
import type { FilePlace } from '@latticra/held-files';
import { type LoadedManifest, loadManifest } from '../load.js';
import { type ArtifactManifest, artifactManifest } from './schema.js';

/** An artifact manifest that was read, and where it lies. */
export type LoadedArtifactManifest = LoadedManifest<ArtifactManifest>;

/**
 * Reads and parses an artifact manifest.
 * @param file how it is opened; by its path unless given
 * @throws HeldFileError, ManifestError
 */
export function loadArtifactManifest(
  path: string,
  cwd: string,
  file?: FilePlace,
): Promise<LoadedArtifactManifest> {
  return loadManifest(path, cwd, artifactManifest, file);
}
