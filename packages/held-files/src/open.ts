// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
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

/**
 * Opens a regular file once, hands it to `use`, and afterwards makes sure that it was the same file with the
 * same content all along. A symbolic link is followed to the file it names: what counts is what was opened. A read that
 * the system refuses meanwhile is told with the path, whoever reads.
 *
 * @throws HeldFileError `not-found`, `unreadable`, `not-regular`, `changed`, `io`
 */
export async function withStableFile<T>(path: string, use: (file: StableFile) => T | Promise<T>): Promise<T> {
  const { handle, before } = await openRegular(path);
  try {
    const result = await use({ path, fd: handle.fd, size: Number(before.size) });
    assertSame(path, before, await statHeld(path, handle));
    return result;
  } catch (error) {
    throw isOfRead(error) ? readFailure(path, error) : error;
  } finally {
    await handle.close();
  }
}

/** Returns whether the system refused to read from a descriptor: then it names no path, and it is of this file. */
function isOfRead(error: unknown): boolean {
  return errnoOf(error) !== '' && error instanceof Error && 'syscall' in error && error.syscall === 'read';
}

function statHeld(path: string, handle: FileHandle): Promise<BigIntStats> {
  return handle.stat({ bigint: true }).catch((error: unknown) => {
    throw readFailure(path, error);
  });
}

async function openRegular(path: string): Promise<{ handle: FileHandle; before: BigIntStats }> {
  let handle: FileHandle | undefined;
  try {
    // Looked at before it is opened: opening a device can do things, and a FIFO would wait for a writer.
    const named = await stat(path, { bigint: true });
    assertRegular(path, named);
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const before = await handle.stat({ bigint: true });
    assertRegular(path, before);
    if (before.size > BigInt(Number.MAX_SAFE_INTEGER))
      throw new HeldFileError('too-large', path, 'over 2^53 bytes');
    return { handle, before };
  } catch (error) {
    await handle?.close();
    throw readFailure(path, error);
  }
}
