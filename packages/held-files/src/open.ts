// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, closeSync, constants, fstatSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
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
 * same content all along. A symbolic link is followed to the file it names: what counts is what was opened.
 *
 * @throws HeldFileError `not-found`, `unreadable`, `not-regular`, `changed`, `io`; as the opening of an {@link OpenableFile}
 */
export async function withStableFile<T>(
  place: FilePlace,
  use: (file: StableFile) => T | Promise<T>,
): Promise<T> {
  if (typeof place !== 'string') {
    const { path } = place;
    const { fd, stats } = place.open();
    try {
      return await whileSame({ path, fd, before: stats }, use, () => fstatSync(fd, { bigint: true }));
    } finally {
      closeSync(fd);
    }
  }
  const { handle, before } = await openRegular(place);
  try {
    return await whileSame({ path: place, fd: handle.fd, before }, use, () => handle.stat({ bigint: true }));
  } finally {
    await handle.close();
  }
}

/** Lets `use` work with a file, and looks at it once more afterwards. */
async function whileSame<T>(
  { path, fd, before }: { readonly path: string; readonly fd: number; readonly before: BigIntStats },
  use: (file: StableFile) => T | Promise<T>,
  look: () => BigIntStats | Promise<BigIntStats>,
): Promise<T> {
  if (before.size > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new HeldFileError('too-large', path, 'over 2^53 bytes');
  }
  const result = await use({ path, fd, size: Number(before.size) });
  assertSame(path, before, await lookAgain(path, look));
  return result;
}

async function lookAgain(path: string, look: () => BigIntStats | Promise<BigIntStats>): Promise<BigIntStats> {
  try {
    return await look();
  } catch (error) {
    throw readFailure(path, error);
  }
}

async function openRegular(path: string) {
  try {
    // Looked at before it is opened: opening a device can do things, and a FIFO would wait for a writer.
    const named = await stat(path, { bigint: true });
    assertRegular(path, named);
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const before = await handle.stat({ bigint: true });
      assertRegular(path, before);
      return { handle, before };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw readFailure(path, error);
  }
}
