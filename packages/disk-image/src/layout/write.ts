// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { fstat, ftruncate, type Stats, write as writeFd, writeSync } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ImageError } from '../error.js';
import type { Layout } from './layout.js';
import { layoutPieces } from './pieces.js';

export interface WriteOptions {
  /** Told how many bytes of content were written, or of zeros where there can be no hole. */
  readonly onBytes?: (count: number) => void;
  /** Ends the writing; a file that was named by its path is then as it was. */
  readonly signal?: AbortSignal;
}

/** What is asked of an open file. */
interface Target {
  /** Returns the length of a regular file; undefined for anything else. */
  length(): Promise<number | undefined>;
  truncate(size: number): Promise<void>;
  write(bytes: Uint8Array, at: number | null): Promise<number>;
  /** Its descriptor, where this thread may write to it by itself. */
  readonly fd?: number;
  /** Makes what was written durable. */
  sync?(): Promise<void>;
}

/** Bytes that are written at once by another thread: so many that what the two have to tell each other takes no time beside it. */
const PIECE = 2 << 20;
/** Bytes that are written at once by this thread: so many that a call costs nothing, and so few that they are still in the processor's cache. */
const OWN_PIECE = 256 << 10;
/** The bytes that are written before timers, signals and other work get a turn: a few milliseconds' worth. */
const TURN = 8 << 20;
/** How much is written before the disk is set to work on it, while the next of it is made. */
const SYNC = 64 << 20;
const ZEROS = new Uint8Array(1 << 20);

/**
 * Writes an image. A path gets a new file, which takes the place of an old one when it is complete and synced; an open file is
 * emptied and written from its start, and left open. Holes stay holes, and the file has the length of the image though it ends
 * in one. What is no regular file, a pipe or a device, is given the zeros too, from where it stands.
 *
 * @throws ImageError `bad-target` for a path at which there is something else than a regular file, or for what is no target at
 *   all; otherwise what the system says, with its code
 */
export async function writeLayout(
  target: string | number | FileHandle,
  layout: Layout,
  options: WriteOptions = {},
): Promise<void> {
  if (typeof target === 'string') return writePath(target, layout, options);
  await writeOpen(targetOf(target), layout, options);
}

async function writePath(path: string, layout: Layout, options: WriteOptions): Promise<void> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (there?.isFile() === false) {
    throw new ImageError(
      'bad-target',
      `${path} is no regular file, which a new one would take the place of`,
      {
        fix: 'open it and give the open file, if it shall be written to',
      },
    );
  }
  const beside = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomUUID()}`);
  const file = await open(beside, 'wx');
  try {
    try {
      await writeOpen({ ...targetOf(file.fd), sync: () => file.datasync() }, layout, options);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    const folder = await open(dirname(path));
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function writeOpen(target: Target, layout: Layout, options: WriteOptions): Promise<void> {
  const { onBytes, signal } = options;
  const before = await target.length();
  const sparse = before !== undefined;
  // Of a file that is emptied, be it empty, ext4 sends all to the disk before it is closed.
  if (before !== undefined && before !== 0) await target.truncate(0);
  if (sparse && target.fd !== undefined) {
    await writeHere(target.fd, layout, options, target.sync);
    return target.truncate(layout.size);
  }
  const put = async (bytes: Uint8Array, at: number, content: number) => {
    for (let done = 0; done < bytes.length; ) {
      done += await target.write(bytes.subarray(done), sparse ? at + done : null);
    }
    onBytes?.(content);
  };
  const putZeros = async (count: number) => {
    for (let left = count; left > 0; left -= ZEROS.length) {
      signal?.throwIfAborted();
      const zeros = ZEROS.subarray(0, left);
      await put(zeros, 0, zeros.length);
    }
  };
  const length = Math.min(PIECE, layout.size);
  let [buffer, other] = [new Uint8Array(length), new Uint8Array(length)];
  const inTurn = () => {
    [buffer, other] = [other, buffer];
    return buffer;
  };
  let end = 0;
  let write = Promise.resolve();
  signal?.throwIfAborted();
  try {
    for (const { at, bytes, content } of layoutPieces(layout, inTurn)) {
      await write;
      signal?.throwIfAborted();
      if (!sparse) await putZeros(at - end);
      // While the system takes these, this thread reads the next.
      write = put(bytes, at, sparse ? content : bytes.length);
      // Until it is awaited its failure must not count as unhandled.
      write.catch(() => undefined);
      end = at + bytes.length;
    }
    await write;
    if (!sparse) await putZeros(layout.size - end);
    signal?.throwIfAborted();
  } finally {
    // Nothing is written any more once the caller is told.
    await write.catch(() => undefined);
  }
  if (sparse) await target.truncate(layout.size);
}

/**
 * Writes to a regular file on this thread, which has what it just read in its cache: another would wait for it, and this one for that.
 * @param sync sets the disk to work on what was written, now and then
 */
async function writeHere(
  fd: number,
  layout: Layout,
  { onBytes, signal }: WriteOptions,
  sync: Target['sync'],
): Promise<void> {
  const buffer = new Uint8Array(Math.min(OWN_PIECE, layout.size));
  let syncing: Promise<void> | undefined;
  let written = 0;
  let turnAt = TURN;
  let syncAt = SYNC;
  signal?.throwIfAborted();
  try {
    for (const { at, bytes, content } of layoutPieces(layout, () => buffer)) {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, at + done);
      }
      written += bytes.length;
      onBytes?.(content);
      signal?.throwIfAborted();
      if (written >= turnAt) {
        turnAt = written + TURN;
        await setImmediate();
        signal?.throwIfAborted();
      }
      if (sync !== undefined && written >= syncAt) {
        syncAt = written + SYNC;
        await syncing;
        syncing = sync();
        // Until it is awaited its failure must not count as unhandled.
        syncing.catch(() => undefined);
      }
    }
    await syncing;
  } finally {
    // Whoever closes it next has nothing under way there.
    await syncing?.catch(() => undefined);
  }
}

/** Speaks to a descriptor as to a FileHandle. @throws ImageError `bad-target` for anything else */
function targetOf(target: unknown): Target {
  if (typeof target === 'number') {
    return {
      fd: target,
      length: async () => lengthOf(await promisify(fstat)(target)),
      truncate: (size) => promisify(ftruncate)(target, size),
      write: async (bytes, at) => (await promisify(writeFd)(target, bytes, 0, bytes.length, at)).bytesWritten,
    };
  }
  if (isHandle(target)) {
    return {
      length: async () => lengthOf(await target.stat()),
      truncate: (size) => target.truncate(size),
      write: async (bytes, at) => (await target.write(bytes, 0, bytes.length, at)).bytesWritten,
    };
  }
  throw new ImageError(
    'bad-target',
    'an image is written to a path, a descriptor or a FileHandle, and this is none of them',
  );
}

const lengthOf = (stats: Stats) => (stats.isFile() ? stats.size : undefined);

const isHandle = (target: unknown): target is FileHandle =>
  typeof target === 'object' &&
  target !== null &&
  'fd' in target &&
  'truncate' in target &&
  'write' in target;
