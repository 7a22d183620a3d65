// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { parseArtifactManifest } from './parse.js';
import type { ArtifactManifest } from './schema.js';

/** A manifest that was read, and where it lies. */
export interface LoadedArtifactManifest {
  /** As it was given. */
  readonly path: string;
  /** Absolute; the manifest's relative paths start here. */
  readonly folder: string;
  /** 64 hexadecimal digits of the very bytes that were parsed. */
  readonly sha256: string;
  readonly manifest: ArtifactManifest;
}

/** Reads and parses an artifact manifest. @throws HeldFileError, EvidenceError, ManifestError */
export async function loadArtifactManifest(path: string, cwd: string): Promise<LoadedArtifactManifest> {
  const absolute = resolve(cwd, path);
  const { bytes, sha256 } = await readStableFile(absolute, { maxBytes: MAX_DOCUMENT_BYTES });
  return { path, folder: dirname(absolute), sha256, manifest: parseArtifactManifest(bytes) };
}
