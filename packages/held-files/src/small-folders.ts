// SPDX-License-Identifier: Apache-2.0
import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errnoOf } from '@latticra/failure';
import { HeldFileError, writeFailure } from './error.js';
import { registerPending, siblingPath } from './pending.js';
import { syncOpenFolder } from './sync.js';

/** A file that is in memory whole. */
export interface SmallFile {
  /** A bare name. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Permission bits before the umask. */
  readonly mode: number;
}

/** Makes folders appear in one folder, one after the other. */
export interface SmallFolders {
  /**
   * Makes the folder `name` appear, whole or not at all, as `stageFolder` does; an empty folder of that name is replaced.
   * @param check may look at the folder before it gets its name, and throw
   * @throws HeldFileError `exists`, `cannot-create`, `io`, and what `check` throws
   */
  add(name: string, files: readonly SmallFile[], check: (staging: string) => void): Promise<void>;
}

/**
 * Lets `use` make many folders of small files in `parent`, which is there. Files and folder of each are durable before it has its
 * name; the names themselves are when this returns, by one sync for all. All on this thread: to hand a small file
 * to another one takes longer than to write it.
 * @throws HeldFileError `cannot-create`, `io`, and what `use` throws
 */
export async function withSmallFolders<T>(
  parent: string,
  use: (folders: SmallFolders) => Promise<T>,
): Promise<T> {
  const path = resolve(parent);
  const mode = 0o777 & ~process.umask();
  // Opened first, so that where it cannot be synced nothing has been changed.
  const held = told(path, () => openSync(path, constants.O_RDONLY | constants.O_DIRECTORY));
  try {
    const result = await use({
      async add(name, files, check) {
        place(join(path, name), files, { check, mode });
        // Ctrl-C has to get through.
        await setImmediate();
      },
    });
    told(path, () => syncOpenFolder(held));
    return result;
  } finally {
    closeSync(held);
  }
}

/** How a folder is made. */
interface Manner {
  readonly check: (staging: string) => void;
  readonly mode: number;
}

function place(target: string, files: readonly SmallFile[], { check, mode }: Manner): void {
  const staging = siblingPath(target, 'staging');
  const pending = registerPending(staging);
  try {
    assertNoFile(target);
    mkdirSync(staging, { mode: 0o700 });
    for (const file of files) writeSmall(join(staging, file.name), file);
    check(staging);
    const folder = openSync(staging, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      syncOpenFolder(folder);
    } finally {
      closeSync(folder);
    }
    chmodSync(staging, mode);
    renameSync(staging, target);
    pending.keep();
  } catch (error) {
    pending.discard();
    throw errnoOf(error) === '' ? error : writeFailure(target, error);
  }
}

/** Refuses a target that is something else than a folder; what the folder has decides the rename. */
function assertNoFile(target: string): void {
  const stats = lstatSync(target, { throwIfNoEntry: false });
  if (stats === undefined || stats.isDirectory()) return;
  throw new HeldFileError('exists', target, 'exists and is not a folder', {
    fix: 'name a new or empty folder',
  });
}

/** Writes a file that is not there yet, and syncs it. */
function writeSmall(path: string, { bytes, mode }: SmallFile): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    for (let done = 0; done < bytes.length; ) {
      const written = writeSync(fd, bytes, done, bytes.length - done, done);
      if (written === 0) throw new HeldFileError('io', path, 'the system writes nothing and says nothing');
      done += written;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function told<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw writeFailure(path, error);
  }
}
