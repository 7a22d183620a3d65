// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
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

/** A file by its path, by the way to open it, or open already: that stays open, and is read by position. */
export type FilePlace = string | OpenableFile | FileHandle;

/** Returns the path of a file, for messages and names. */
export function pathOf(place: FilePlace): string {
  if (typeof place === 'string') return place;
  return isHandle(place) ? `file descriptor ${place.fd}` : place.path;
}

/**
 * Opens a regular file once, hands it to `use`, and afterwards makes sure that it was the same file with the
 * same content all along. A symbolic link is followed to the file it names: what counts is what was opened. A read that
 * the system refuses meanwhile is told with the path, whoever reads.
 *
 * @param use is given the state of the file as well, from before anything of it was read
 * @throws HeldFileError `not-found`, `unreadable`, `not-regular`, `changed`, `io`; as the opening of an {@link OpenableFile};
 *   `no-place` for what is none, such as a stream: what has gone by cannot be held to be the same
 */
export async function withStableFile<T>(
  place: FilePlace,
  use: (file: StableFile, stats: BigIntStats) => T | Promise<T>,
): Promise<T> {
  assertPlace(place);
  if (typeof place !== 'string' && isHandle(place)) return useHandle(place, use);
  const path = pathOf(place);
  const { fd, stats } = typeof place === 'string' ? openRegular(place) : place.open();
  try {
    return await whileSame({ path, fd, before: stats }, use);
  } finally {
    closeSync(fd);
  }
}

/** Refuses what types do not keep out of a program that has none. @throws HeldFileError `no-place` */
function assertPlace(place: unknown): asserts place is FilePlace {
  if (typeof place === 'string') return;
  const isObject = typeof place === 'object' && place !== null;
  // A stream of a file has a path and an open too, and may be read already.
  const opens = isObject && 'path' in place && 'open' in place && typeof place.open === 'function';
  if (isObject && (isHandle(place) || (opens && !('pipe' in place)))) return;
  const found = isObject ? `a ${place.constructor?.name ?? 'value'}` : `a ${typeof place}`;
  throw new HeldFileError('no-place', found, 'is neither a path nor an open file', {
    fix: 'give the path of a file, or a FileHandle; write a stream to a file first',
  });
}

function isHandle(place: object): place is FileHandle {
  return (
    'fd' in place && typeof place.fd === 'number' && 'stat' in place && 'read' in place && !('pipe' in place)
  );
}

/** Lets `use` work with a file that somebody else has open, and closes. */
async function useHandle<T>(
  handle: FileHandle,
  use: (file: StableFile, stats: BigIntStats) => T | Promise<T>,
): Promise<T> {
  const path = pathOf(handle);
  const { fd } = handle;
  // A handle that was closed meanwhile is no descriptor any more, or that of another file: neither is the same file.
  const before = await handle.stat({ bigint: true }).catch((error: unknown) => {
    throw readFailure(path, error);
  });
  assertRegular(path, before);
  return whileSame({ path, fd, before }, use);
}

/** Returns whether the system refused to read from a descriptor: then it names no path, and it is of this file. */
function isOfRead(error: unknown): boolean {
  return errnoOf(error) !== '' && error instanceof Error && 'syscall' in error && error.syscall === 'read';
}

/** Lets `use` work with a file, and looks at it once more afterwards. */
async function whileSame<T>(
  { path, fd, before }: { readonly path: string; readonly fd: number; readonly before: BigIntStats },
  use: (file: StableFile, stats: BigIntStats) => T | Promise<T>,
): Promise<T> {
  if (before.size > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new HeldFileError('too-large', path, 'over 2^53 bytes');
  }
  try {
    const result = await use({ path, fd, size: Number(before.size) }, before);
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
