// SPDX-License-Identifier: Apache-2.0
import { fstat, ftruncate, type Stats, write as writeFd } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { ImageError } from '../error.js';

export interface WriteOptions {
  /** Told how many bytes of content were written, or of zeros where there can be no hole. */
  readonly onBytes?: (count: number) => void;
  /** Ends the writing; a file that was named by its path is then as it was. */
  readonly signal?: AbortSignal;
}

/** What is asked of an open file. */
export interface Target {
  /** Returns the length of a regular file; undefined for anything else. */
  length(): Promise<number | undefined>;
  truncate(size: number): Promise<void>;
  write(bytes: Uint8Array, at: number | null): Promise<number>;
  /** Its descriptor, where this thread may write to it by itself. */
  readonly fd?: number;
  /** Makes what was written durable. */
  sync?(): Promise<void>;
}

/** Speaks to a descriptor as to a FileHandle. @throws ImageError `bad-target` for anything else */
export function targetOf(target: unknown): Target {
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

/**
 * Returns how many bytes were taken of some. A target that takes none, and does not say why, would be asked again without end.
 * @throws Error `EIO`
 */
export function assertTaken(count: number): number {
  if (count > 0) return count;
  const message = 'EIO: what is written to takes nothing and says nothing, write';
  throw Object.assign(new Error(message), { code: 'EIO', syscall: 'write' });
}

const lengthOf = (stats: Stats) => (stats.isFile() ? stats.size : undefined);

const isHandle = (target: unknown): target is FileHandle =>
  typeof target === 'object' &&
  target !== null &&
  'fd' in target &&
  'truncate' in target &&
  'write' in target;
