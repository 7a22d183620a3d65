// SPDX-License-Identifier: Apache-2.0
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ImageError } from '../error.js';
import type { Layout } from './layout.js';
import { pageMemory } from './page-memory.js';
import { layoutPieces } from './pieces.js';
import { assertTaken, type Target, targetOf, type WriteOptions } from './target.js';
import { writeHere } from './write-here.js';

/** Bytes that are written at once by another thread: so many that what the two have to tell each other takes no time beside it. */
const PIECE = 2 << 20;
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
  const beside = join(dirname(path), `.${basename(path).slice(0, 200)}.${crypto.randomUUID()}`);
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
      done += assertTaken(await target.write(bytes.subarray(done), sparse ? at + done : null));
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
  let [buffer, other] = [pageMemory(length), pageMemory(length)];
  const inTurn = () => {
    [buffer, other] = [other, buffer];
    return buffer;
  };
  let end = 0;
  let write = Promise.resolve();
  let reading: Promise<void> | undefined;
  signal?.throwIfAborted();
  try {
    for (const { at, bytes, content, readRest } of layoutPieces(layout, inTurn)) {
      reading = readRest?.();
      // Until they are awaited, neither failure must count as unhandled.
      reading?.catch(() => undefined);
      await write;
      await reading;
      signal?.throwIfAborted();
      if (!sparse) await putZeros(at - end);
      // While the system takes these, this thread reads the next.
      write = put(bytes, at, sparse ? content : bytes.length);
      write.catch(() => undefined);
      end = at + bytes.length;
    }
    await write;
    if (!sparse) await putZeros(layout.size - end);
    signal?.throwIfAborted();
  } finally {
    // Nothing is read or written any more once the caller is told.
    await Promise.allSettled([reading, write]);
  }
  if (sparse) await target.truncate(layout.size);
}
