// SPDX-License-Identifier: Apache-2.0
import { writeSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { LaneError } from './error.js';
import { assertStdout } from './stdout.js';

/** Long enough for a slow reader of a pipe to make room, short enough not to be felt. */
const RETRY_MS = 2;

/**
 * Writes all of some text, or of bytes, to a descriptor, or fails: console.log ignores a full disk and a broken pipe, and a
 * cut-off answer must not look like a whole one.
 * @throws LaneError `stdout`
 */
export function writeOut(fd: number, data: string | Uint8Array): void {
  if (fd === 1) assertStdout();
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  for (let done = 0; done < bytes.length; ) {
    let taken: number;
    try {
      taken = writeSync(fd, bytes, done);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'EAGAIN')
        throw new LaneError('stdout', `cannot write to stdout (${errno})`, { cause: error });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
      continue;
    }
    if (taken === 0) throw new LaneError('stdout', 'cannot write to stdout: it takes nothing');
    done += taken;
  }
}

/** Writes to stderr and ignores a failure: there is no place left to report it to, and the exit status still tells. */
export function writeErr(text: string): void {
  try {
    writeOut(2, text);
  } catch {
    // See above.
  }
}
