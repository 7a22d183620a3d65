// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { NONE } from '@latticra/evidence-format/define';
import { withStableFile } from '@latticra/held-files';

/** A recovery path may also be the address of a runbook; such a one is recorded, and nothing is fetched. */
export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(path);
}

/** Whether a manifest tells an operator how to recover, and where. */
export interface RecoveryOutcome {
  readonly recoveryPathPresent: boolean;
  /** Absolute path of the recovery runbook, where the manifest names a file. */
  readonly recoveryPath: string | undefined;
}

/** Looks for the runbook that a manifest in `folder` names. @throws HeldFileError where it names a file that is not there */
export async function checkRecovery(path: string, folder: string): Promise<RecoveryOutcome> {
  if (path === NONE) return { recoveryPathPresent: false, recoveryPath: undefined };
  if (isUrl(path)) return { recoveryPathPresent: true, recoveryPath: undefined };
  const recoveryPath = resolve(folder, path);
  await withStableFile(recoveryPath, () => undefined);
  return { recoveryPathPresent: true, recoveryPath };
}
