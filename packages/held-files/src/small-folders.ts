// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  constants,
  fsync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf, exhaustionOf } from '@latticra/failure';
import { HeldFileError, writeFailure } from './error.js';
import { type Pending, registerPending, siblingPath } from './pending.js';
import { setPermissions } from './permissions.js';
import { tellRemainsIn } from './remains.js';
import { isNothingToSync } from './sync.js';
import { writeAllSync } from './write-all.js';

/** A file that is in memory whole. */
export interface SmallFile {
  /** A bare name. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Permission bits before the umask. */
  readonly mode: number;
}

/** Makes folders appear in one folder, some of them at a time. */
export interface SmallFolders {
  /**
   * Makes the folder `name` appear, whole or not at all, as `stageFolder` does; an empty folder of that name is replaced. It may
   * not be there before others are added, or {@link settle} is called.
   * @param check may look at the folder before it gets its name, and throw
   * @throws HeldFileError `exists`, `cannot-create`, `io`, also about one that was added before, and what `check` throws
   */
  add(name: string, files: readonly SmallFile[], check: (staging: string) => void): Promise<void>;
  /** Waits until all that were added have their names. @throws HeldFileError as {@link add} */
  settle(): Promise<void>;
  /**
   * Does something that opens files of its own. Where no more may be open, since those of folders that were added are, they are settled
   * first and it is done again.
   * @throws HeldFileError as {@link add}, and what `work` throws
   */
  besides<T>(work: () => T | Promise<T>): Promise<T>;
}

/**
 * How many descriptors are synced together: a journal takes many in one go, and each is open until then. As many again are open
 * meanwhile, of folders that are being filled; fewer where the system allows no more.
 */
const TOGETHER = 256;

/**
 * Lets `use` make many folders of small files in `parent`, which is there. Files and folder of each are durable before it has its
 * name; the names themselves are when this returns, by one sync for all. What is written is written on this thread: to hand a
 * small file to another one takes longer than to write it. Other threads wait for the disk, for several at once, while the next
 * folders are filled.
 * @throws HeldFileError `cannot-create`, `io`, and what `use` throws; folders that have no name by then are removed
 */
export async function withSmallFolders<T>(
  parent: string,
  use: (folders: SmallFolders) => Promise<T>,
): Promise<T> {
  const path = resolve(parent);
  // Opened first, so that where it cannot be synced nothing has been changed.
  const held = told(path, () => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
  tellRemainsIn(path);
  let staged: Staged[] = [];
  let descriptors = 0;
  let together = TOGETHER;
  let publishing: Promise<void> = Promise.resolve();
  const begin = async () => {
    await publishing;
    publishing = publish(staged);
    // It is awaited before the next; until then its failure must not count as unhandled.
    publishing.catch(() => undefined);
    [staged, descriptors] = [[], 0];
  };
  const settle = async () => {
    await begin();
    await publishing;
  };
  /** Works; where no more files may be open it closes those that are, works again, and holds fewer open from there on. */
  const roomy = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!isOutOfDescriptors(error)) throw error;
      together = descriptors / 4;
      await settle();
      return await work();
    }
  };
  try {
    const result = await use({
      async add(name, files, check) {
        const target = join(path, name);
        const each = await roomy(() => stage(target, files, check));
        staged.push(each);
        descriptors += each.open.length;
        if (descriptors >= together) await begin();
      },
      settle,
      besides: roomy,
    });
    await settle();
    await sync(held, path, true);
    return result;
  } finally {
    await publishing.catch(() => undefined);
    for (const each of staged) discard(each);
    closeSync(held);
  }
}

/** Returns whether no more files may be open, in this process or at all. */
const isOutOfDescriptors = (error: unknown) =>
  ['EMFILE', 'ENFILE'].includes(exhaustionOf(error)?.errno ?? '');

/** A folder that is filled and has no name yet. */
interface Staged {
  readonly target: string;
  readonly staging: string;
  readonly pending: Pending;
  /** Descriptors of its files, and behind them of itself. */
  readonly open: number[];
  isNamed: boolean;
}

function stage(target: string, files: readonly SmallFile[], check: (staging: string) => void): Staged {
  const staging = siblingPath(target, 'staging');
  const staged: Staged = { target, staging, pending: registerPending(staging), open: [], isNamed: false };
  try {
    assertNoFile(target);
    mkdirSync(staging, { mode: 0o700 });
    for (const file of files) writeSmall(join(staging, file.name), file, staged.open);
    check(staging);
    staged.open.push(openSync(staging, constants.O_RDONLY | constants.O_DIRECTORY));
    return staged;
  } catch (error) {
    discard(staged);
    throw errnoOf(error) === '' ? error : writeFailure(target, error);
  }
}

/** Makes folders durable, and then gives each its name. Removes those that have none when something fails. */
async function publish(all: readonly Staged[]): Promise<void> {
  try {
    const syncs = all.flatMap(({ open, target }) =>
      open.map((fd, index) => sync(fd, target, index === open.length - 1)),
    );
    // None is closed while another thread still works on it.
    const failed = (await Promise.allSettled(syncs)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    const mode = 0o777 & ~process.umask();
    for (const each of all) {
      const { staging, target, pending } = each;
      told(target, () => {
        setPermissions(staging, mode);
        renameSync(staging, target);
      });
      pending.keep();
      each.isNamed = true;
    }
  } finally {
    for (const each of all) discard(each);
  }
}

const flush = promisify(fsync);

/** Syncs what is open; a folder only where the file system can. */
async function sync(fd: number, path: string, isFolder: boolean): Promise<void> {
  try {
    await flush(fd);
  } catch (error) {
    if (!isFolder || !isNothingToSync(error)) throw writeFailure(path, error);
  }
}

/** Closes what is open of a folder, and removes it where it has not got its name. */
function discard({ open, pending, isNamed }: Staged): void {
  for (const fd of open.splice(0)) closeSync(fd);
  if (!isNamed) pending.discard();
}

/** Refuses a target that is something else than a folder; what the folder has decides the rename. */
function assertNoFile(target: string): void {
  const stats = lstatSync(target, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return;
  throw new HeldFileError('exists', target, 'exists and is not a folder', {
    fix: 'name a new or empty folder',
  });
}

/**
 * Writes a file that is not there yet, and leaves it open. Of a file that was cut to nothing, as nobody has to do to a new one, ext4
 * gives blocks to what was written as soon as any descriptor of it is closed, which a check does. So the first sync of many finds
 * the blocks of all of them in one transaction of the journal, where each would have begun one of its own.
 */
function writeSmall(path: string, { bytes, mode }: SmallFile, open: number[]): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  open.push(fd);
  ftruncateSync(fd, 0);
  writeAllSync(path, fd, bytes, 0);
}

function told<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw writeFailure(path, error);
  }
}
