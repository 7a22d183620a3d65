// SPDX-License-Identifier: Apache-2.0
import { isTemporaryName } from '@latticra/held-files/anchor';
import { REPORT_FOLDER, SEAL_FILES } from '../manifest/schema.js';

const { manifest: _, ...generated } = SEAL_FILES;
const ARTIFACTS: ReadonlySet<string> = new Set(Object.values(generated));

/** The places of the artifacts: the folder with a `/` at the end, and the name in there. */
const PLACES = [...ARTIFACTS].map((path) => {
  const at = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
});

/**
 * Returns whether Seal itself writes a file at this path: its reports, hash lists, lockfile, and their temporaries,
 * which another run may be writing at the moment, or left when it was killed. They are part of no evidence, whatever a
 * manifest excludes.
 */
export function isArtifact(path: string): boolean {
  return ARTIFACTS.has(path) || isTemporary(path);
}

/** Returns whether a path is that of a temporary of an artifact. Another file of that name cannot be told from one. */
export function isTemporary(path: string): boolean {
  return PLACES.some(({ folder, name }) => {
    // Asked of every file there is, of which few are hidden.
    if (!path.startsWith(folder) || path[folder.length] !== '.') return false;
    return isTemporaryName(path.slice(folder.length), name);
  });
}

/** Returns whether Seal writes into this folder, `''` being the root: other runs may do so at any time. */
export function holdsArtifacts(folder: string): boolean {
  return folder === '' || folder === REPORT_FOLDER;
}
