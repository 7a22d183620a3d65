// SPDX-License-Identifier: Apache-2.0
import { closeSync, openSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { HeldFileError, writeFailure } from './error.js';
import { ensureFolder, NOT_ALLOWED } from './folder.js';
import { isPending, registerPending, siblingPath } from './pending.js';
import { hiddenStem, isGone } from './temporary-name.js';
import { writeAllSync } from './write-all.js';

/**
 * Lets `use` work in the folder `target`, by whatever name, while no other process does that claims it as well. A file beside it,
 * `.<target>.claim`, holds the number of this process for so long. One that a process left which is gone is taken over. Where nobody may make a file beside the
 * folder, as beside a disk that is mounted there, nothing is claimed.
 * @throws HeldFileError `exists` where another process has claimed it; `cannot-create`, `io`; and what `use` throws
 */
export async function withClaim<T>(target: string, use: () => Promise<T>): Promise<T> {
  const folder = realPath(target);
  await ensureFolder(dirname(folder));
  const claim = resolve(dirname(folder), `${hiddenStem(basename(folder))}claim`);
  let taken = take(claim);
  if (taken === false) {
    dropStale(target, claim);
    taken = take(claim);
  }
  if (taken === undefined) return use();
  if (!taken) throw claimed(target, claim, makerOf(claim));
  const pending = registerPending(claim);
  try {
    return await use();
  } finally {
    pending.discard();
  }
}

/** Makes a claim where there is none. Returns whether it did; undefined where nobody may. */
function take(claim: string): boolean | undefined {
  let fd: number;
  try {
    fd = openSync(claim, 'wx', 0o644);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (NOT_ALLOWED.includes(errnoOf(error))) return undefined;
    throw writeFailure(claim, error);
  }
  try {
    writeAllSync(claim, fd, Buffer.from(`${process.pid}\n`), 0);
  } catch (error) {
    // One that says no process would keep everybody out.
    rmSync(claim, { force: true });
    throw writeFailure(claim, error);
  } finally {
    closeSync(fd);
  }
  return true;
}

/** Removes a claim whose process is gone, and no other. @throws HeldFileError `exists` */
function dropStale(target: string, claim: string): void {
  const maker = makerOf(claim);
  // In a container every run may have the same number.
  const isStale = maker === process.pid ? !isPending(claim) : maker !== undefined && isGone(maker);
  if (!isStale) throw claimed(target, claim, maker);
  const aside = siblingPath(claim, 'tmp');
  try {
    renameSync(claim, aside);
    // Another process may have been quicker: then this is the claim of that one.
    const isSame = makerOf(aside) === maker;
    if (!isSame) renameSync(aside, claim);
    rmSync(aside, { force: true });
    if (isSame) return;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw writeFailure(claim, error);
  }
  throw claimed(target, claim, makerOf(claim));
}

/** Returns the process of a claim; undefined for one that is gone, or that says none. */
function makerOf(claim: string): number | undefined {
  try {
    const [, maker] = /^([1-9]\d{0,9})\n$/.exec(readFileSync(claim, 'utf8').slice(0, 20)) ?? [];
    return maker === undefined ? undefined : Number(maker);
  } catch {
    return undefined;
  }
}

/** Returns where a folder is, links followed; as it is named where nothing is there yet. */
function realPath(target: string): string {
  try {
    return realpathSync(target);
  } catch {
    // Whoever works there is told why that cannot be.
    return resolve(target);
  }
}

const claimed = (target: string, claim: string, maker: number | undefined) =>
  new HeldFileError(
    'exists',
    target,
    `another process${maker === undefined ? '' : `, ${maker},`} is at work in it`,
    { fix: `let it finish, or name another folder; if none is, remove ${claim}` },
  );
