// SPDX-License-Identifier: Apache-2.0
import { rename, rm } from 'node:fs/promises';
import { errnoOf } from '@latticra/failure';
import { ensureFolder, writeFailure } from '@latticra/held-files';
import { type FolderMark, stateOfFolder } from '../steps/own-folder.js';

/** The rehearsal's own report, by which a later one recognises the folder as its own to replace. */
export const REHEARSAL_REPORT = 'rehearsal.txt';
export const REHEARSAL_TITLE = 'LATTICRA OS IMAGE REHEARSAL';

const MARK: FolderMark = { maker: 'rehearsal', report: REHEARSAL_REPORT, title: REHEARSAL_TITLE };

/**
 * Makes `folder` empty for a rehearsal. One that an earlier rehearsal left is moved aside, to `<folder>.previous`,
 * and stays there until the new one holds; anything else is never touched.
 * @returns a function that removes what was moved aside
 * @throws HeldFileError `exists` when the folder holds something that no rehearsal made
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const previous = `${folder}.previous`;
  if ((await stateOfFolder(folder, MARK)) === 'own') {
    if ((await stateOfFolder(previous, MARK)) !== 'absent') await remove(previous);
    await rename(folder, previous).catch((error: unknown) => {
      // A mount point stays where it is.
      throw writeFailure(errnoOf(error) === 'EBUSY' ? folder : previous, error);
    });
  }
  await ensureFolder(folder);
  return async () => {
    if ((await stateOfFolder(previous, MARK)) === 'own') await remove(previous);
  };
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(folder, error);
  });
}
