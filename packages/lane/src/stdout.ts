// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, fstatSync, readSync, statSync } from 'node:fs';
import { LaneError } from './error.js';

/**
 * Refuses a stdout that nobody gave: where it was closed, Node has opened the null device there, for reading and
 * writing. A shell's `>/dev/null` is for writing alone, and fine. A parent that opens it for both (`stdio: 'ignore'` of
 * Node, `DEVNULL` of Python) cannot be told from none, and gets no answer either.
 * @throws LaneError `stdout`
 */
export function assertStdout(fd = 1): void {
  if (isNull(fstatSync(fd, { bigint: true })) && isReadable(fd)) {
    throw new LaneError('stdout', 'stdout is closed', {
      fix: 'give the answer a place to go, or the null device for writing alone (>/dev/null)',
    });
  }
}

function isNull(stats: BigIntStats): boolean {
  // Looked at only where it may be that one: for a pipe or a file Node may have no permission to look.
  if (!stats.isCharacterDevice()) return false;
  // A system that has none goes on, to be told that it is not supported.
  return stats.rdev === statSync('/dev/null', { bigint: true, throwIfNoEntry: false })?.rdev;
}

function isReadable(fd: number): boolean {
  try {
    readSync(fd, Buffer.alloc(1));
    return true;
  } catch (error) {
    // What a descriptor that is for writing alone says to that; asked here, so that an answer to the null device reads no more script.
    if (error instanceof Error && 'code' in error && error.code === 'EBADF') return false;
    throw error;
  }
}
