// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import type { DocumentDescription } from '@latticra/evidence-format/define';
import { type FilePlace, readStableFile } from '@latticra/held-files';
import { ManifestError } from './error.js';

/** A manifest that was read, and where it lies. */
export interface LoadedManifest<Manifest> {
  /** As it was given. */
  readonly path: string;
  /** Absolute; the manifest's relative paths start here. */
  readonly folder: string;
  /** 64 hexadecimal digits of the very bytes that were parsed. */
  readonly sha256: string;
  readonly manifest: Manifest;
}

/**
 * Reads and parses the manifest at `path`, of the kind that `description` describes.
 * @param file how it is opened, where a link may not lead just anywhere; by its path unless given
 * @throws HeldFileError when it cannot be read
 * @throws ManifestError `manifest` for whatever is wrong in it, with the path before it
 */
export async function loadManifest<Manifest>(
  path: string,
  cwd: string,
  description: Pick<DocumentDescription<Manifest>, 'parse'>,
  file: FilePlace = resolve(cwd, path),
): Promise<LoadedManifest<Manifest>> {
  const absolute = resolve(cwd, path);
  const { bytes, sha256 } = await readStableFile(file, { maxBytes: MAX_DOCUMENT_BYTES });
  return { path, folder: dirname(absolute), sha256, manifest: parseNamed(path, bytes, description) };
}

/**
 * Parses the bytes that were read from `path` as a manifest of the kind that `description` describes.
 * @throws ManifestError `manifest` for whatever is wrong in them, with the path before it
 */
export function parseNamed<Manifest>(
  path: string,
  bytes: Uint8Array,
  description: Pick<DocumentDescription<Manifest>, 'parse'>,
): Manifest {
  try {
    return description.parse(bytes);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    const fix = cause.fix ?? 'correct the manifest, or generate it again';
    throw new ManifestError('manifest', `${path}: ${cause.message}`, { cause, fix });
  }
}
