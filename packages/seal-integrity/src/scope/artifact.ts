// SPDX-License-Identifier: Apache-2.0
import { REPORT_FOLDER, SEAL_FILES } from '../manifest/schema.js';

const { manifest: _, ...generated } = SEAL_FILES;
const ARTIFACTS: ReadonlySet<string> = new Set(Object.values(generated));

/** What another run of Seal may be writing at the moment, or left when it was killed. */
const TEMPORARY = /^(.*?)\.([^/]+)\.[1-9]\d{0,9}-[0-9a-f]{12}\.tmp$/;

/**
 * Whether Seal itself writes a file at this path: its reports, hash lists, lockfile and their temporaries. They are
 * part of no evidence, whatever a manifest excludes.
 */
export function isArtifact(path: string): boolean {
  if (ARTIFACTS.has(path)) return true;
  const [, folder, target] = TEMPORARY.exec(path) ?? [];
  return folder !== undefined && target !== undefined && ARTIFACTS.has(folder + target);
}

/** Whether Seal writes into this folder, `''` being the root: other runs may do so at any time. */
export function holdsArtifacts(folder: string): boolean {
  return folder === '' || folder === REPORT_FOLDER;
}
