// SPDX-License-Identifier: Apache-2.0
import { type LoadedManifest, loadManifest } from '@latticra/manifest';
import { type BootArtifactManifest, bootArtifactManifest } from './schema.js';

/** A boot artifact manifest that was read, and where it lies. */
export type LoadedBootArtifactManifest = LoadedManifest<BootArtifactManifest>;

/** Reads and parses a boot artifact manifest. @throws HeldFileError, ManifestError */
export function loadBootArtifactManifest(path: string, cwd: string): Promise<LoadedBootArtifactManifest> {
  return loadManifest(path, cwd, bootArtifactManifest);
}
