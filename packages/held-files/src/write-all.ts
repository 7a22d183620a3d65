// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';
import { HeldFileError } from './error.js';

/**
 * Writes all of `bytes` at a place, on this thread. One call may write less than it was given.
 * @param path for messages
 * @throws HeldFileError `io` where the system takes nothing; what it says where it says something
 */
export function writeAllSync(path: string, fd: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; )
    done += assertTaken(path, writeSync(fd, bytes, done, bytes.length - done, at + done));
}

/**
 * Returns how many bytes the system took of some. One that takes none, and does not say why, would be asked again without end.
 * @throws HeldFileError `io`
 */
export function assertTaken(path: string, count: number): number {
  if (count > 0) return count;
  throw new HeldFileError('io', path, 'the system writes nothing and says nothing', {
    fix: 'look after the disk and its file system, then run this again',
  });
}
