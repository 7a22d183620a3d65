// SPDX-License-Identifier: Apache-2.0
import { constants, ftruncateSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { writeFailure } from './error.js';
import { createEarlySync } from './sync.js';
import { writeAllSync } from './write-all.js';

/** A new file that is open, and written in any order. */
export interface NewFile {
  readonly path: string;
  /** For reading what was written; it belongs to the file. */
  readonly fd: number;
  /** Writes all of `bytes` at a place, on this thread. @throws HeldFileError `io` */
  write(bytes: Uint8Array, at: number): void;
  /** Sets the disk to work on what was written, wherever in the file, when it is much by now. @throws HeldFileError `io` */
  syncEarly(): Promise<void>;
  /** Gives it its length, and makes all of it durable. @throws HeldFileError `io` */
  finish(size: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a file under a name that is free. Its name shows half of it meanwhile, so it is meant for folders that nobody else
 * knows, as `stageFolder` gives; else `writeFileAtomic` is the way.
 * @throws HeldFileError `exists`, `cannot-create`, `io`
 */
export async function createNewFile(path: string): Promise<NewFile> {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666).catch((error: unknown) => {
    throw writeFailure(path, error);
  });
  const early = createEarlySync(handle);
  let written = 0;
  const told = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      throw writeFailure(path, error);
    }
  };
  return {
    path,
    fd: handle.fd,
    write(bytes, at) {
      try {
        writeAllSync(path, handle.fd, bytes, at);
        written += bytes.length;
      } catch (error) {
        throw writeFailure(path, error);
      }
    },
    syncEarly: () => told(() => early.reached(written)),
    finish: (size) =>
      told(async () => {
        ftruncateSync(handle.fd, size);
        // Asked for at once: whoever calls this may have something else to do on this thread.
        await Promise.all([handle.sync(), early.settle()]);
      }),
    close: () => handle.close(),
  };
}
