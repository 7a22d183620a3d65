// SPDX-License-Identifier: Apache-2.0
import { requireText } from '@latticra/disk-image/inspect';
import { NONE } from '@latticra/evidence-format/define';
import type { FilePlace } from '@latticra/held-files';
import { ManifestError } from '../error.js';
import { requireFile } from '../inspected.js';
import { type PlaceOptions, placeOf } from '../place.js';

/** The beginning of a URL of any scheme (RFC 3986, 3.1), and of a file name with a colon early on. */
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Returns whether a recovery path is the address of a runbook, which is recorded, and nothing is fetched.
 * @throws ManifestError `manifest` for an address of another scheme than https
 */
export function isUrl(path: string): boolean {
  if (!SCHEME.test(path)) return false;
  if (/^https:\/\/\S+$/i.test(path) && URL.canParse(path)) return true;
  throw new ManifestError('manifest', `${path}: expected a recovery runbook as a file or an https URL`, {
    fix: `name the runbook by its https address, or write ./${path} for a file of that name`,
  });
}

/** Returns the path of a runbook as it is written, so that it is not read back as an address. */
export function writtenRunbook(path: string): string {
  return SCHEME.test(path) ? `./${path}` : path;
}

/** What was found of the recovery runbook that a manifest names. */
export interface RecoveryOutcome {
  readonly recoveryPathPresent: boolean;
  /** The recovery runbook, where the manifest names a file. */
  readonly recovery: FilePlace | undefined;
}

/**
 * Looks for the recovery runbook that a manifest in `folder` names, and into it: it has to be text.
 * @throws HeldFileError for a file that is missing, unreadable or no regular file
 * @throws ManifestError `format` for a file that is no text, or empty; `manifest` for an address that is not https; `outside`
 */
export async function checkRecovery(
  path: string,
  folder: string,
  options: PlaceOptions,
): Promise<RecoveryOutcome> {
  if (path === NONE) return { recoveryPathPresent: false, recovery: undefined };
  if (isUrl(path)) return { recoveryPathPresent: true, recovery: undefined };
  const recovery = placeOf(folder, path, options);
  await requireFile(recovery, path, requireText);
  return { recoveryPathPresent: true, recovery };
}
