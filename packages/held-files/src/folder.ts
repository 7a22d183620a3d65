// SPDX-License-Identifier: Apache-2.0
import { lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { isAbsent } from './absent.js';
import { HeldFileError, writeFailure } from './error.js';
import { registerPending, siblingPath } from './pending.js';
import { setPermissions } from './permissions.js';
import { tellRemains } from './remains.js';
import { renameDurably, syncFolder } from './sync.js';

/** Creates a folder and the ones above it where they are missing. @throws HeldFileError `cannot-create`, `io` */
export async function ensureFolder(path: string): Promise<void> {
  await makeFolders(path);
}

/**
 * Creates folders as {@link ensureFolder} does, and returns those that it made, deepest first. One by one: where Node makes
 * all of them, it says of a full disk or a bad sector that there is no such folder.
 */
async function makeFolders(path: string): Promise<string[]> {
  const folder = resolve(path);
  try {
    return await makeFolder(folder);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(folder) === folder) throw writeFailure(path, error);
  }
  const above = await makeFolders(dirname(folder));
  try {
    return [...(await makeFolder(folder)), ...above];
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** Makes one folder, if there is none; returns whether it did by what it made. */
async function makeFolder(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (cause) {
    const stats = await stat(folder).catch(() => undefined);
    if (stats?.isDirectory()) return [];
    if (errnoOf(cause) !== 'EEXIST') throw cause;
    throw new HeldFileError('cannot-create', folder, 'exists and is not a folder', { cause });
  }
}

/**
 * Makes a folder appear whole or not at all: `fill` works in a private sibling that nobody knows, which is
 * synced and renamed to `target` when it is done, and removed when it throws. An empty folder of that name
 * is replaced; of two runs at once one wins, and the other is told that the folder exists.
 *
 * @param fill gets the path of the private folder; the files it writes must be synced (those written through
 *   this package are)
 * @throws HeldFileError `exists` when `target` is not empty, `cannot-create`, `io`, and whatever `fill` throws
 */
export async function stageFolder<T>(target: string, fill: (staging: string) => Promise<T>): Promise<T> {
  const final = resolve(target);
  await assertFree(final);
  const parent = dirname(final);
  const made = await makeFolders(parent);
  tellRemains(final);
  const staging = siblingPath(final, 'staging');
  const pending = registerPending(staging, made);
  try {
    await mkdir(staging, { mode: 0o700 });
    const result = await fill(staging);
    await syncFolders(staging);
    setPermissions(staging, 0o777 & ~process.umask());
    await renameDurably(staging, final);
    pending.keep();
    return result;
  } catch (error) {
    pending.discard();
    throw errnoOf(error) === '' ? error : writeFailure(final, error);
  }
}

/** What a system says where nobody may make anything; one that is full or broken is no place for `target` either. @internal */
export const NOT_ALLOWED = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Gives `use` a private folder beside `target`, in which can be made what is to lie in `target` later, and removes it afterwards with all that is
 * left in it. Where `target` is a link it lies beside what that leads to.
 * @param onLeft is told of the folder where it cannot be removed: what `use` did stands all the same, and somebody has to remove it by hand
 * @returns what `use` does, which is given undefined where no folder may be made there, or only on another disk than `target`'s
 * @throws HeldFileError `cannot-create`, `io`; and what `use` throws
 */
export async function withFolderBeside<T>(
  target: string,
  use: (folder: string | undefined) => Promise<T>,
  onLeft?: (folder: string) => void,
): Promise<T> {
  const real = await realpath(target).catch(() => resolve(target));
  const beside = siblingPath(real, 'staging');
  const made = await makeFolders(dirname(beside));
  tellRemains(real);
  const pending = registerPending(beside, made);
  try {
    if (!(await isOnDiskOf(real, dirname(beside)))) return await use(undefined);
    const isMade = await mkdir(beside, { mode: 0o700 }).then(
      () => true,
      (error: unknown) => {
        if (NOT_ALLOWED.includes(errnoOf(error))) return false;
        throw writeFailure(beside, error);
      },
    );
    return await use(isMade ? beside : undefined);
  } finally {
    pending.discard();
    if (!isAbsent(beside)) onLeft?.(beside);
  }
}

/** Returns whether what may be at a path is on the disk of a folder: files go from one to the other by their names alone. */
async function isOnDiskOf(path: string, folder: string): Promise<boolean> {
  const [there, here] = await Promise.all([stat(path).catch(() => undefined), stat(folder)]);
  return there === undefined || there.dev === here.dev;
}

/** Refuses a target that is not free before the work instead of after it; the rename decides all the same. */
async function assertFree(path: string): Promise<void> {
  let names: string[];
  try {
    const stats = await lstat(path);
    if (stats.isDirectory() && stats.dev !== (await lstat(dirname(path))).dev) {
      throw new HeldFileError(
        'cannot-create',
        path,
        'is a file system of its own, as a mount point is, and nothing can take its place',
        {
          fix: 'name a new folder in it, or elsewhere',
        },
      );
    }
    if (!stats.isDirectory()) {
      throw new HeldFileError('exists', path, 'exists and is not a folder', {
        fix: 'name a new or empty folder',
      });
    }
    names = await readdir(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw writeFailure(path, error);
  }
  if (names.length > 0) {
    throw new HeldFileError('exists', path, 'exists already and is not empty', {
      fix: 'name a new or empty folder, or move this one away',
    });
  }
}

async function syncFolders(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolders(join(path, entry.name));
  }
  await syncFolder(path);
}
