// SPDX-License-Identifier: Apache-2.0
import { constants, fstatSync, writeSync } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { HeldFileError, writeFailure } from './error.js';
import { createSums, type Measurement, type MeasureOptions, measureFile } from './measure.js';
import { type FilePlace, type StableFile, withStableFile } from './open.js';
import { chunksOf } from './read.js';
import { createEarlySync } from './sync.js';
import { ZEROS } from './write.js';

/** Options of a copy. */
export interface CopyOptions extends MeasureOptions {
  /**
   * Makes `to` share the blocks of `from`, or fails and leaves no `to`: what the file system offers (FICLONE),
   * unless a test says otherwise.
   */
  readonly clone?: (from: string, to: string) => Promise<void>;
}

/**
 * Copies a file to `to`, which must not exist, and sums it in the same pass: nothing is read twice, and the
 * measurement is of the very bytes that lie there. Where the file system can, the copy shares the blocks of
 * the source; else stretches of zeros are left as holes. Fails, leaving a partial `to` for the caller's
 * clean-up, when the source was not the same file all along; meant for inside `stageFolder`.
 *
 * @throws HeldFileError about `from` as `withStableFile`, about `to`: `exists`, `cannot-create`, `io`
 */
export function copyAndSum(from: FilePlace, to: string, options: CopyOptions = {}): Promise<Measurement> {
  return withStableFile(from, (source) => copyOpen(source, to, options));
}

/**
 * Copies a file as {@link copyAndSum} does and then lets `use` look into the source, through the one descriptor that is held to
 * the same content: what is found in it lies in the copy.
 * @throws HeldFileError as {@link copyAndSum}, and what `use` throws
 */
export function copyAndUse<T>(
  from: FilePlace,
  to: string,
  use: (file: StableFile, measurement: Measurement) => T | Promise<T>,
  options: CopyOptions = {},
): Promise<T> {
  return withStableFile(from, async (source) => use(source, await copyOpen(source, to, options)));
}

/** Copies an open file. The caller makes sure that it was the same one all along. @internal */
export async function copyOpen(source: StableFile, to: string, options: CopyOptions): Promise<Measurement> {
  // Whoever copies owns the copy and may write it; nobody else may do more with it than with the source.
  const mode = MODE & (fstatSync(source.fd).mode | 0o600);
  if (await tryClone(source, to, options.clone ?? reflink)) return measureClone(source, to, mode, options);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  let target: FileHandle | undefined;
  try {
    target = await open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  } catch (error) {
    throw writeFailure(to, error);
  }
  try {
    return await pump(source, target, to, options);
  } finally {
    await target.close();
  }
}

/** Permission bits that a copy may have, as far as its source has them, before the umask. */
const MODE = 0o666;

function reflink(from: string, to: string): Promise<void> {
  return copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
}

/**
 * Tries to clone, and returns whether that worked. Only Linux can name the file that is held open; copying tells the
 * rest.
 */
async function tryClone(
  source: StableFile,
  to: string,
  clone: Exclude<CopyOptions['clone'], undefined>,
): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  return clone(`/proc/self/fd/${source.fd}`, to).then(
    () => true,
    () => false,
  );
}

/** Sums a clone where it lies now, so that the source need not be read at all. */
async function measureClone(
  source: StableFile,
  to: string,
  mode: number,
  options: CopyOptions,
): Promise<Measurement> {
  try {
    const target = await open(to, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      // A clone comes with all the permissions of its source.
      await target.chmod(mode & ~process.umask());
      await target.sync();
    } finally {
      await target.close();
    }
  } catch (error) {
    throw writeFailure(to, error);
  }
  const measurement = await measureFile(to, options);
  if (measurement.size !== source.size) {
    throw new HeldFileError(
      'io',
      to,
      `${measurement.size} bytes, expected the ${source.size} of ${source.path}`,
    );
  }
  return measurement;
}

async function pump(
  source: StableFile,
  target: FileHandle,
  to: string,
  options: MeasureOptions,
): Promise<Measurement> {
  const sums = createSums(options);
  let at = 0;
  const early = createEarlySync(target);
  try {
    for await (const chunk of chunksOf(source)) {
      // Zeros become a hole, as they mostly were.
      if (!isZero(chunk)) writeAllSync(target.fd, chunk, at);
      sums.add(chunk);
      at += chunk.length;
      await early.reached(at);
    }
    await early.settle();
    await target.truncate(at);
    await target.sync();
  } catch (error) {
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw writeFailure(to, error);
  }
  return sums.finish(to);
}

/** Writes all of `bytes`, on this thread, which has them in its cache. One call may write less than it was given. */
function writeAllSync(fd: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}

function isZero(bytes: Uint8Array): boolean {
  return ZEROS.subarray(0, bytes.length).equals(bytes);
}
