// SPDX-License-Identifier: Apache-2.0
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { MAX_DOCUMENT_BYTES, parseDocument } from '@latticra/evidence-format';
import { errnoOf } from '@latticra/failure';
import { ensureFolder, HeldFileError, readFailure, readStableFile, writeFailure } from '@latticra/held-files';

/** The rehearsal's own report, by which a later one recognises the folder as its own to replace. */
export const REHEARSAL_REPORT = 'rehearsal.txt';
export const REHEARSAL_TITLE = 'LATTICRA OS IMAGE REHEARSAL';

/**
 * Makes `folder` empty for a rehearsal. One that an earlier rehearsal left is moved aside, to `<folder>.previous`,
 * and stays there until the new one holds; anything else is never touched.
 * @returns a function that removes what was moved aside
 * @throws HeldFileError `exists` when the folder holds something that no rehearsal made
 */
export async function takeFolder(folder: string): Promise<() => Promise<void>> {
  const previous = `${folder}.previous`;
  if ((await stateOf(folder)) === 'rehearsal') {
    if ((await stateOf(previous)) !== 'absent') await remove(previous);
    await rename(folder, previous).catch((error: unknown) => {
      throw writeFailure(previous, error);
    });
  }
  await ensureFolder(folder);
  return async () => {
    if ((await stateOf(previous)) === 'rehearsal') await remove(previous);
  };
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true }).catch((error: unknown) => {
    throw writeFailure(folder, error);
  });
}

/**
 * Returns whether a name stands for nothing, an empty folder or a rehearsal.
 * @throws HeldFileError `exists` for anything else
 */
async function stateOf(folder: string): Promise<'absent' | 'empty' | 'rehearsal'> {
  const stats = await lstat(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw readFailure(folder, error);
  });
  if (stats === undefined) return 'absent';
  const names = stats.isDirectory() ? await listFolder(folder) : undefined;
  if (names?.length === 0) return 'empty';
  if (names?.includes(REHEARSAL_REPORT) && (await isRehearsalReport(join(folder, REHEARSAL_REPORT))))
    return 'rehearsal';
  throw new HeldFileError('exists', folder, 'exists, and no rehearsal made it', {
    fix: 'name another --output-dir, or move this away',
  });
}

async function listFolder(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    throw readFailure(folder, error);
  });
}

async function isRehearsalReport(path: string): Promise<boolean> {
  const { bytes } = await readStableFile(path, { maxBytes: MAX_DOCUMENT_BYTES });
  return parseDocument(bytes).title === REHEARSAL_TITLE;
}

/**
 * Refuses an input that lies in the folder of the rehearsal: it would be moved aside with an earlier one, and removed in the end.
 * Both paths are absolute.
 * @throws HeldFileError `exists`
 */
export function assertOutside(flag: string, path: string, folder: string): void {
  const way = relative(folder, path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return;
  throw new HeldFileError('exists', path, `lies in the folder of the rehearsal, and --${flag} names it`, {
    fix: 'keep inputs elsewhere, or name another --output-dir',
  });
}
