// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, constants, fstatSync, openSync, statSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { errnoOf } from '@latticra/failure';
import { readFailure } from '../error.js';
import { isSameFile } from '../identity.js';
import { attempt, changed, uninterrupted } from './attempt.js';
import { closeQuietly } from './descriptor.js';
import { HeldFolder } from './folder.js';
import { SELF } from './resolver.js';
import { DESCRIPTORS } from './system.js';
import type { AnchoredFolder, ReadableFolder } from './types.js';

/** Goes into held folders for moments, in which their names are looked up in half the time. */
export interface Visits {
  /**
   * Does some work while the process is in `folder`, and goes back to where it was. The work is synchronous, changes no directory,
   * and what it returns was looked up in that very folder. Where it cannot go there (another anchoring, another thread, inside of such
   * work) the work is done all the same.
   * @throws HeldFileError `changed` where the process was elsewhere when the work had been done, `io`; and what `work` throws
   */
  within<T>(folder: ReadableFolder, work: () => T): T;
  /**
   * Does some work in each of these folders, one behind the other, as {@link within} does, and goes back after the last: half of the way
   * is saved. What is thrown in one ends it.
   * @throws as {@link within}
   */
  through<Folder extends ReadableFolder, T>(folders: readonly Folder[], work: (folder: Folder) => T): T[];
  /** Closes what was opened for it. */
  close(): void;
}

/** The place that the process is in, for messages. */
const HERE = 'the working directory';

/** A folder that the process was in, and goes back to. */
interface Place {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/**
 * Makes visits to folders that are anchored in procfs. A path below `/proc/self/fd` takes the system longer to walk than all that is done
 * at its end; a name in the working directory is one step. That the process is in the folder that is held is looked at before and
 * after.
 *
 * For whoever knows that nobody else has a relative path on its way to the system meanwhile, as an asynchronous call of `node:fs` has.
 */
export function createVisits(): Visits {
  return createVisitsFrom(openHere);
}

/**
 * Makes visits as {@link createVisits} does.
 * @param open opens the place that the process is in; it returns undefined for one that cannot be gone back to @internal
 */
export function createVisitsFrom(open: () => number | undefined): Visits {
  let origin: Place | undefined;
  let isInside = false;

  /** Holds the place that the process is in, unless it is the one that is held. Returns undefined where nobody can. */
  const holdOrigin = (): Place | undefined => {
    if (origin !== undefined && isSameFile(attempt(readFailure, HERE, here), origin.stats)) return origin;
    leaveOrigin();
    const fd = open();
    if (fd === undefined) return undefined;
    try {
      origin = { fd, stats: fstatSync(fd, { bigint: true }) };
    } catch (error) {
      closeQuietly(fd);
      throw readFailure(HERE, error);
    }
    return origin;
  };
  const leaveOrigin = () => {
    if (origin !== undefined) closeQuietly(origin.fd);
    origin = undefined;
  };

  const through: Visits['through'] = (folders, work) => {
    const back = isInside || !isMainThread || !folders.every(canGoTo) ? undefined : holdOrigin();
    if (back === undefined) return folders.map((folder) => work(folder));
    isInside = true;
    try {
      return folders.map((folder) => inside(folder, () => work(folder)));
    } finally {
      isInside = false;
      go(HERE, back.fd);
    }
  };
  return {
    within<T>(folder: ReadableFolder, work: () => T): T {
      const [result] = through([folder], work);
      return result as T;
    },
    through,
    close: leaveOrigin,
  };
}

/** Opens the place that the process is in; undefined for one that it may be in but not read. */
function openHere(): number | undefined {
  try {
    return openSync(SELF, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === 'EACCES') return undefined;
    throw readFailure(HERE, error);
  }
}

const here = () => statSync(SELF, { bigint: true });

/** Returns whether the process may be sent to a folder: it is held, and by procfs. @throws TypeError for one that was closed */
function canGoTo(folder: ReadableFolder): folder is HeldFolder {
  if (!(folder instanceof HeldFolder) || folder.anchoring !== 'procfs') return false;
  folder.assertHeld();
  return true;
}

/** Does some work in a folder, and makes sure before and after it that the process is there. */
function inside<T>(folder: ReadableFolder, work: () => T): T {
  if (!canGoTo(folder)) return work();
  go(folder.path, folder.fd);
  assertIn(folder, 'is not where its descriptor leads');
  const result = folder.inside(work);
  assertIn(folder, 'was left while its names were looked up');
  return result;
}

/** Goes to an open folder, whatever it is called by now. */
function go(path: string, fd: number): void {
  attempt(readFailure, path, () => uninterrupted(() => process.chdir(`${DESCRIPTORS}/${fd}`)));
}

function assertIn(folder: AnchoredFolder, problem: string): void {
  const now = attempt(readFailure, folder.path, here);
  if (!isSameFile(now, folder.stats)) throw changed(folder.path, problem);
}
