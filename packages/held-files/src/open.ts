// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { HeldFileError, readFailure } from './error.js';
import { assertRegular, assertSame } from './identity.js';

/** A regular file held open for reading, and what it was when it was opened. */
export interface StableFile {
  readonly path: string;
  /** The descriptor; it belongs to {@link withStableFile} and is closed by it. */
  readonly fd: number;
  /** Length in bytes. */
  readonly size: number;
}

/** A file that is opened in another way than by its path: where it has to lie is decided by the opening itself. */
export interface OpenableFile {
  /** The path in messages: nothing is opened by it. */
  readonly path: string;
  /**
   * Opens the file, which is a regular one, for reading.
   * @returns its descriptor, for the caller to close, and its state
   */
  open(): Opened;
}

/** A file that was just opened: a descriptor that its opener closes, and its state. */
export interface Opened {
  readonly fd: number;
  readonly stats: BigIntStats;
}

/** A file by its path, or by the way to open it. */
export type FilePlace = string | OpenableFile;

/** Returns the path of a file, for messages and names. */
export function pathOf(place: FilePlace): string {
  return typeof place === 'string' ? place : place.path;
}

/**
 * Opens a regular file once, hands it to `use`, and afterwards makes sure that it was the same file with the
 * same content all along. A symbolic link is followed to the file it names: what counts is what was opened. A read that
 * the system refuses meanwhile is told with the path, whoever reads.
 *
 * @throws HeldFileError `not-found`, `unreadable`, `not-regular`, `changed`, `io`; as the opening of an {@link OpenableFile}
 */
export async function withStableFile<T>(
  place: FilePlace,
  use: (file: StableFile) => T | Promise<T>,
): Promise<T> {
  const path = pathOf(place);
  const { fd, stats } = typeof place === 'string' ? openRegular(place) : place.open();
  try {
    return await whileSame({ path, fd, before: stats }, use);
  } finally {
    closeSync(fd);
  }
}

/** Returns whether the system refused to read from a descriptor: then it names no path, and it is of this file. */
function isOfRead(error: unknown): boolean {
  return errnoOf(error) !== '' && error instanceof Error && 'syscall' in error && error.syscall === 'read';
}

/** Lets `use` work with a file, and looks at it once more afterwards. */
async function whileSame<T>(
  { path, fd, before }: { readonly path: string; readonly fd: number; readonly before: BigIntStats },
  use: (file: StableFile) => T | Promise<T>,
): Promise<T> {
  if (before.size > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new HeldFileError('too-large', path, 'over 2^53 bytes');
  }
  try {
    const result = await use({ path, fd, size: Number(before.size) });
    assertSame(path, before, lookAgain(path, fd));
    return result;
  } catch (error) {
    throw isOfRead(error) ? readFailure(path, error) : error;
  }
}

function lookAgain(path: string, fd: number): BigIntStats {
  try {
    return fstatSync(fd, { bigint: true });
  } catch (error) {
    throw readFailure(path, error);
  }
}

/** Opens on this thread, which reads as well: what other threads are for is not loaded for a small file. */
function openRegular(path: string): Opened {
  try {
    // Looked at before it is opened: opening a device can do things, and a FIFO would wait for a writer.
    assertRegular(path, statSync(path, { bigint: true }));
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(fd, { bigint: true });
      assertRegular(path, stats);
      return { fd, stats };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } catch (error) {
    throw readFailure(path, error);
  }
}
