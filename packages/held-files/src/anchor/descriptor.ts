// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, closeSync, fstatSync } from 'node:fs';
import { readFailure } from '../error.js';

const BIGINT = { bigint: true } as const;

/** Returns what a held descriptor is of. @throws HeldFileError `io` @internal */
export function statHeld(path: string, fd: number): BigIntStats {
  try {
    return fstatSync(fd, BIGINT);
  } catch (error) {
    throw readFailure(path, error);
  }
}

/**
 * Refuses to work with a closed descriptor, whose number may be another file's by now.
 * @throws TypeError as the mistake is the caller's
 * @internal
 */
export function assertOpen(path: string, isOpen: boolean): void {
  if (!isOpen) throw new TypeError(`${path}: used after it was closed`);
}

/** Closes a held descriptor. @throws HeldFileError `io` when the system did not close it well @internal */
export function closeHeld(path: string, fd: number): void {
  try {
    closeSync(fd);
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Closes a descriptor after a failure, which is what counts: an error of closing is ignored. @internal */
export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The first failure is the one to be told.
  }
}
