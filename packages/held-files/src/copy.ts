// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, constants, fstatSync } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { isAside, workAside } from './aside/aside.js';
import { HeldFileError, writeFailure } from './error.js';
import { measureFile } from './measure.js';
import type { Measurement } from './measurement.js';
import { type FilePlace, type StableFile, withStableFile } from './open.js';
import { pump } from './pump.js';
import type { MeasureOptions } from './sums.js';

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
  return withStableFile(from, (source, stats) => copyKept(source, stats, to, options));
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
  return withStableFile(from, async (source, stats) =>
    use(source, await copyKept(source, stats, to, options)),
  );
}

/** Copies an open file, and keeps what both measure where that is asked for. */
function copyKept(
  source: StableFile,
  stats: BigIntStats,
  to: string,
  options: CopyOptions,
): Promise<Measurement> {
  const copy = () => copyOpen(source, to, options);
  return options.keep === undefined ? copy() : options.keep.keep(source, stats, copy);
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
    const measurement = await (isAside(source, options)
      ? workAside({ file: source, target: { fd: target.fd, path: to } }, options)
      : pump(source, target, to, options));
    options.keep?.keepWritten(target.fd, measurement);
    return measurement;
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
