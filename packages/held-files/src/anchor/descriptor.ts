// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, closeSync, fstatSync } from 'node:fs';
import { readFailure } from '../error.js';
import { attempt } from './attempt.js';

/** @throws HeldFileError `io` @internal */
export function statHeld(path: string, fd: number): BigIntStats {
  return attempt(readFailure, path, () => fstatSync(fd, { bigint: true }));
}

/**
 * The number of a closed descriptor may be another file's by now.
 * @throws TypeError, for it is the caller's mistake
 * @internal
 */
export function assertOpen(path: string, isOpen: boolean): void {
  if (!isOpen) throw new TypeError(`${path}: used after it was closed`);
}

/** @throws HeldFileError `io` when the system did not close it well @internal */
export function closeHeld(path: string, fd: number): void {
  attempt(readFailure, path, () => closeSync(fd));
}

/** Closes what was opened for something that then failed: why it failed is what counts. @internal */
export function abandon(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The first failure is the one to be told.
  }
}
