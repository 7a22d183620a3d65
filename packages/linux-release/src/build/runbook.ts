// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { ImageError } from '@latticra/disk-image';
import { inspect, requireText } from '@latticra/disk-image/inspect';
import {
  copyAndUse,
  HeldFileError,
  type Measurement,
  type StableFile,
  withStableFile,
} from '@latticra/held-files';
import { LinuxReleaseError } from '../error.js';
import { openedSource } from '../opened-source.js';
import { RELEASE_FILE } from '../record/names.js';
import { isRunbook } from './documents.js';
import type { BuildOptions } from './options.js';

/** More than anybody reads while a machine does not start. */
export const MAX_RUNBOOK_BYTES = 16 << 20;

type Recovery = Pick<BuildOptions, 'operatorRecoveryPath' | 'resolvedRecoveryPath'>;

/**
 * Refuses a runbook that nobody can read, before anything is written; an address is not followed.
 * @throws LinuxReleaseError `bad-input` for what is no text; HeldFileError for a file that is missing, or `too-large`
 */
export async function assertRunbook({ operatorRecoveryPath, resolvedRecoveryPath }: Recovery): Promise<void> {
  if (!isRunbook(operatorRecoveryPath)) return;
  await withStableFile(resolvedRecoveryPath, (file) => requireRunbook(operatorRecoveryPath, file));
}

/** Copies the runbook to the images. Returns what it measures; undefined where there is none, or only an address. */
export async function putRunbook(
  folder: string,
  { operatorRecoveryPath, resolvedRecoveryPath }: Recovery,
): Promise<Measurement | undefined> {
  if (!isRunbook(operatorRecoveryPath)) return undefined;
  // What is looked into is what was copied: the file may be another one by now.
  return copyAndUse(resolvedRecoveryPath, join(folder, RELEASE_FILE.recovery), (file, measurement) => {
    requireRunbook(operatorRecoveryPath, file);
    return measurement;
  });
}

function requireRunbook(shown: string, { path, fd, size }: StableFile): void {
  if (size > MAX_RUNBOOK_BYTES)
    throw new HeldFileError('too-large', shown, `${size} bytes, expected at most ${MAX_RUNBOOK_BYTES}`);
  try {
    requireText(inspect(openedSource(path, fd, size)));
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new LinuxReleaseError('bad-input', `${shown}: ${cause.message}`, {
      cause,
      fix: cause.fix ?? 'name a runbook that is text, or its https address',
    });
  }
}
