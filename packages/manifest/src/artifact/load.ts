// SPDX-License-Identifier: Apache-2.0
import { type LoadedManifest, loadManifest } from '../load.js';
import { type ArtifactManifest, artifactManifest } from './schema.js';

/** An artifact manifest that was read, and where it lies. */
export type LoadedArtifactManifest = LoadedManifest<ArtifactManifest>;

/** Reads and parses an artifact manifest. @throws HeldFileError, ManifestError */
export function loadArtifactManifest(path: string, cwd: string): Promise<LoadedArtifactManifest> {
  return loadManifest(path, cwd, artifactManifest);
}
