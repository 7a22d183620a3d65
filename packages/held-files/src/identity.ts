// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { HeldFileError } from './error.js';

/** Throws `not-regular`, saying what stands there instead, unless `stats` is of a regular file. */
export function assertRegular(path: string, stats: BigIntStats): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a FIFO'
      : stats.isSocket()
        ? 'a socket'
        : stats.isSymbolicLink()
          ? 'a symbolic link'
          : 'a device';
  throw new HeldFileError('not-regular', path, `is ${what}, expected a regular file`);
}

/**
 * Throws `changed` when a file that was held open is no longer what it was: another device or inode, another
 * size, or touched (mtime or ctime, in nanoseconds).
 */
export function assertSame(path: string, before: BigIntStats, after: BigIntStats): void {
  const differs = (['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const).find(
    (name) => before[name] !== after[name],
  );
  if (differs === undefined) return;
  throw new HeldFileError('changed', path, `changed while it was being read (${differs} moved)`, {
    fix: 'let whatever writes it finish, then run this again',
  });
}
