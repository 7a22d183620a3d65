// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '@latticra/failure';

/**
 * Renames a file, and makes the new name durable: without the sync it may be gone after a power cut. The folder is
 * opened first, so that where it cannot be synced nothing has been changed. Throws what the system says.
 * @internal
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  const folder = await openFolder(dirname(to));
  try {
    await rename(from, to);
    await sync(folder);
  } finally {
    await folder.close();
  }
}

/** What a file system says that has no hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Gives a file another name, which nothing may have yet, and makes that durable. Where the file system has no hard links,
 * whether something has it is looked at right before. Throws what the system says: EEXIST where something has it.
 * @param makeLink the system's `link`, unless a test says otherwise
 * @internal
 */
export async function nameDurably(from: string, to: string, makeLink = link): Promise<void> {
  const folder = await openFolder(dirname(to));
  try {
    try {
      await makeLink(from, to);
      await unlink(from);
    } catch (error) {
      if (!NO_LINKS.includes(errnoOf(error))) throw error;
      if (await isThere(to)) throw Object.assign(new Error('exists already'), { code: 'EEXIST' });
      await rename(from, to);
    }
    await sync(folder);
  } finally {
    await folder.close();
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the names in a folder durable. Throws what the system says. @internal */
export async function syncFolder(path: string): Promise<void> {
  const folder = await openFolder(path);
  try {
    await sync(folder);
  } finally {
    await folder.close();
  }
}

function openFolder(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | constants.O_DIRECTORY);
}

/** Syncs a folder, but for file systems that cannot. */
async function sync(folder: FileHandle): Promise<void> {
  try {
    await folder.sync();
  } catch (error) {
    if (!isNothingToSync(error)) throw error;
  }
}

/** Returns whether a file system says by an error that it cannot sync a folder: it has nothing to sync. @internal */
export function isNothingToSync(error: unknown): boolean {
  return ['EINVAL', 'ENOTSUP'].includes(errnoOf(error));
}

/**
 * How much is written before the disk is set to work on it, which it does while the next of it is hashed. One
 * that begins when everything was hashed lets this process wait as long as it waited itself.
 */
const SYNC_BYTES = 64 << 20;

/** What sets the disk to work while a large file is being written. @internal */
export interface EarlySync {
  /** Takes how many bytes of the file are written by now. */
  reached(size: number): Promise<void>;
  /** Waits for what was begun. */
  settle(): Promise<void>;
}

/** Makes it for a file that is being written, in any order. It throws what the system says. @internal */
export function createEarlySync(handle: Pick<FileHandle, 'datasync'>): EarlySync {
  let syncing: Promise<void> | undefined;
  let next = SYNC_BYTES;
  return {
    async reached(size) {
      if (size < next) return;
      await syncing;
      syncing = handle.datasync();
      // It is awaited before the next; until then its failure must not count as unhandled.
      syncing.catch(() => undefined);
      next = size + SYNC_BYTES;
    },
    settle: async () => syncing,
  };
}
