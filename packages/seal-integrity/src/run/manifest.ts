// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { AnchoredFolder } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { MAX_MANIFEST_BYTES, parseManifest } from '../manifest/parse.js';
import { SEAL_FILES, type SealManifest } from '../manifest/schema.js';
import { ARTIFACT_NAMES } from './artifact.js';

/** A manifest, and the digest, in hex, of the bytes it was read from. */
export interface LoadedManifest {
  readonly manifest: SealManifest;
  readonly sha256: string;
}

/**
 * Reads `latticra.seal` in the root, once: a regular file of one name that does not change meanwhile.
 * @throws HeldFileError, and SealError `manifest` naming the file
 */
export function loadManifest(root: AnchoredFolder): LoadedManifest {
  if (root.lstat(ARTIFACT_NAMES.manifest) === undefined) throw noManifest();
  const file = root.openFile(ARTIFACT_NAMES.manifest);
  try {
    const bytes = file.bytes(MAX_MANIFEST_BYTES);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { manifest: named(SEAL_FILES.manifest, () => parseManifest(bytes)), sha256 };
  } finally {
    file.close();
  }
}

/** Makes the error of a root without a manifest: whoever has none has not begun yet, or is somewhere else. */
function noManifest(): SealError {
  return new SealError('manifest', `${SEAL_FILES.manifest}: no such file`, {
    fix: 'go to the root of the project, or make it one with latticra-seal init',
  });
}

/**
 * Puts the name of the file in front of what is wrong with it.
 * @param otherwise what to do where the error does not say
 */
export function named<T>(name: string, work: () => T, otherwise?: string): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const fix = error.fix ?? otherwise;
    throw new SealError(error.code, `${name}: ${error.message}`, {
      cause: error.cause,
      ...(fix === undefined ? {} : { fix }),
    });
  }
}
