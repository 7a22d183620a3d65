// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { HeldFileError } from './error.js';

function kindOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'a regular file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isSymbolicLink() ? 'a symbolic link' : 'a device';
}

/** Refuses anything but a regular file, and says what stands there instead. @throws HeldFileError `not-regular` */
export function assertRegular(path: string, stats: BigIntStats): void {
  if (stats.isFile()) return;
  throw new HeldFileError('not-regular', path, `is ${kindOf(stats)}, expected a regular file`, {
    fix: stats.isDirectory()
      ? 'name a file in it'
      : 'name a file that can be read more than once, such as a copy of what it gives',
  });
}

/**
 * Refuses anything but a regular file that has one name. @throws HeldFileError `not-regular`, `hard-linked`; `changed`
 * where it has lost that.
 */
export function assertSingle(path: string, stats: BigIntStats): void {
  assertRegular(path, stats);
  if (stats.nlink === 1n) return;
  if (stats.nlink === 0n) {
    throw new HeldFileError('changed', path, 'was replaced or removed while it was looked at', {
      fix: 'let whatever changes it finish, then run this again',
    });
  }
  throw new HeldFileError('hard-linked', path, `has ${stats.nlink} names (hard links), expected one`, {
    fix: 'replace it by a copy of its own',
  });
}

/** Refuses anything but a folder, and says what stands there instead. @throws HeldFileError `not-folder` */
export function assertFolder(path: string, stats: BigIntStats): void {
  if (stats.isDirectory()) return;
  throw new HeldFileError('not-folder', path, `is ${kindOf(stats)}, expected a folder`);
}

/** Returns whether both are of the same file; certain while one of them is held open. */
export function isSameFile(
  a: Pick<BigIntStats, 'dev' | 'ino'>,
  b: Pick<BigIntStats, 'dev' | 'ino'>,
): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/** The values that change when a file is written, replaced or touched. */
export type Moment = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>;

/** Returns whether two states of a file are the same in all of these. */
export function isSameMoment(before: Moment, after: Moment): boolean {
  return (
    before.ctimeNs === after.ctimeNs &&
    before.mtimeNs === after.mtimeNs &&
    before.size === after.size &&
    isSameFile(before, after)
  );
}

/**
 * Throws `changed` when a file that was held open is no longer what it was: another device or inode, another
 * size, or touched (mtime or ctime, in nanoseconds).
 */
export function assertSame(path: string, before: Moment, after: Moment): void {
  if (isSameMoment(before, after)) return;
  const differs = (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).find(
    (name) => before[name] !== after[name],
  );
  throw new HeldFileError('changed', path, `changed while it was being read (${differs} moved)`, {
    fix: 'let whatever writes it finish, then run this again',
  });
}

/** Makes the error about a file that has another length than when it was opened. @param found bytes that were read */
export function otherLength(
  { path, size }: { readonly path: string; readonly size: number },
  found: number,
): HeldFileError {
  const told = found > size ? `more than ${size} bytes` : `${found} bytes`;
  return new HeldFileError('changed', path, `read ${told}, expected the ${size} it had when opened`, {
    fix: 'let whatever writes it finish, then run this again',
  });
}
