// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { fstat, ftruncate, write as writeFd } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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
  isFile(): Promise<boolean>;
  truncate(size: number): Promise<void>;
  write(bytes: Uint8Array, at: number | null): Promise<number>;
}

/** Bytes that are written at once: so many that what two threads have to tell each other takes no time beside it. */
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
  const beside = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomUUID()}`);
  const file = await open(beside, 'wx');
  try {
    try {
      await writeOpen(targetOf(file), layout, options);
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

async function writeOpen(target: Target, layout: Layout, { onBytes, signal }: WriteOptions): Promise<void> {
  const sparse = await target.isFile();
  if (sparse) await target.truncate(0);
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

/** Speaks to a descriptor as to a FileHandle. @throws ImageError `bad-target` for anything else */
function targetOf(target: unknown): Target {
  if (typeof target === 'number') {
    return {
      isFile: async () => (await promisify(fstat)(target)).isFile(),
      truncate: (size) => promisify(ftruncate)(target, size),
      write: async (bytes, at) => (await promisify(writeFd)(target, bytes, 0, bytes.length, at)).bytesWritten,
    };
  }
  if (isHandle(target)) {
    return {
      isFile: async () => (await target.stat()).isFile(),
      truncate: (size) => target.truncate(size),
      write: async (bytes, at) => (await target.write(bytes, 0, bytes.length, at)).bytesWritten,
    };
  }
  throw new ImageError(
    'bad-target',
    'an image is written to a path, a descriptor or a FileHandle, and this is none of them',
  );
}

const isHandle = (target: unknown): target is FileHandle =>
  typeof target === 'object' &&
  target !== null &&
  'fd' in target &&
  'truncate' in target &&
  'write' in target;
