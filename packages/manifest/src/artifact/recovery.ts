// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { NONE } from '@latticra/evidence-format/define';
import { withStableFile } from '@latticra/held-files';

/** Returns whether a recovery path is the URL of a runbook. Such a path is recorded, and nothing is fetched. */
export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(path);
}

/** What was found of the recovery runbook that a manifest names. */
export interface RecoveryOutcome {
  readonly recoveryPathPresent: boolean;
  /** Absolute path of the recovery runbook, where the manifest names a file. */
  readonly recoveryPath: string | undefined;
}

/**
 * Looks for the recovery runbook that a manifest in `folder` names.
 * @throws HeldFileError for a file that is missing, unreadable or no regular file
 */
export async function checkRecovery(path: string, folder: string): Promise<RecoveryOutcome> {
  if (path === NONE) return { recoveryPathPresent: false, recoveryPath: undefined };
  if (isUrl(path)) return { recoveryPathPresent: true, recoveryPath: undefined };
  const recoveryPath = resolve(folder, path);
  await withStableFile(recoveryPath, () => undefined);
  return { recoveryPathPresent: true, recoveryPath };
}
