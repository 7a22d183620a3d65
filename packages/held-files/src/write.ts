// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { errnoOf } from '@latticra/failure';
import { HeldFileError, writeFailure } from './error.js';
import type { Measurement } from './measurement.js';
import { registerPending, siblingPath } from './pending.js';
import { tellRemains } from './remains.js';
import { createSums, type MeasureOptions, ZEROS } from './sums.js';
import { createEarlySync, nameDurably, renameDurably } from './sync.js';
import { assertTaken } from './write-all.js';

/** Content in order: bytes, and runs of zeros that are left as holes in the file. */
export type Content = string | Uint8Array | Iterable<Uint8Array | { readonly hole: number }>;

/** Options of a write. */
export interface WriteOptions extends MeasureOptions {
  /** Permission bits before the umask; 0o666 unless given. */
  readonly mode?: number;
  /** Whether nothing may have the name yet; else what has it is replaced. */
  readonly isNew?: boolean;
}

/**
 * Writes a file so that its name never shows half of it: a new temporary file beside it, synced, renamed,
 * and the folder synced. Whatever stood under the name is there until the rename, and is not touched when
 * something fails. Summed on the way, so that nobody has to read it again.
 *
 * @example
 * import { writeFileAtomic } from '@latticra/held-files';
 *
 * const { sha256 } = await writeFileAtomic('disk.raw', [Buffer.from('first bytes'), { hole: 2 ** 30 }]);
 * console.log(sha256);
 *
 * @throws HeldFileError `cannot-create` (also when something other than a regular file has the name), `exists` for a name that
 *   is not new, `io`, and whatever iterating over `content` throws
 */
export async function writeFileAtomic(
  path: string,
  content: Content,
  options: WriteOptions = {},
): Promise<Measurement> {
  const { isNew = false } = options;
  if (!isNew) await assertReplaceable(path);
  tellRemains(path);
  const temporary = siblingPath(path, 'tmp');
  const pending = registerPending(temporary);
  try {
    const measurement = await writeNewFile(temporary, content, options);
    await (isNew ? nameDurably : renameDurably)(temporary, path);
    pending.keep();
    return { ...measurement, path };
  } catch (error) {
    pending.discard();
    // What the content itself throws is not about this file.
    throw errnoOf(error) === '' ? error : writeFailure(path, error);
  }
}

/** Creates `path`, which must not exist, writes it and syncs it. */
async function writeNewFile(path: string, content: Content, options: WriteOptions): Promise<Measurement> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, options.mode ?? 0o666);
  try {
    const measurement = await writeContent(handle, path, content, options);
    await handle.sync();
    return measurement;
  } finally {
    await handle.close();
  }
}

async function writeContent(handle: FileHandle, path: string, content: Content, options: WriteOptions) {
  const sums = createSums(options);
  const early = createEarlySync(handle);
  let at = 0;
  for (const part of chunksFrom(content)) {
    if ('hole' in part) {
      for (let left = part.hole; left > 0; left -= ZEROS.length) {
        sums.add(ZEROS.subarray(0, Math.min(left, ZEROS.length)));
        // Summing 64 GiB takes a minute: Ctrl-C has to get through.
        await setImmediate();
      }
      at += part.hole;
    } else {
      // The disk takes it while this thread sums it.
      const writing = writeAll(path, handle, part, at);
      // Until it is awaited its failure must not count as unhandled.
      writing.catch(() => undefined);
      sums.add(part);
      await writing;
      at += part.length;
      await early.reached(at);
    }
  }
  await early.settle();
  // A hole at the end is only there once the length says so.
  await handle.truncate(at);
  return sums.finish(path);
}

function chunksFrom(content: Content): Iterable<Uint8Array | { readonly hole: number }> {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content;
}

/** Writes all of `bytes`: one call may write less than it was given. */
async function writeAll(path: string, handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += assertTaken(path, bytesWritten);
  }
}

/** Refuses to replace what is no regular file: a rename would replace a link or, as root, a device node. */
async function assertReplaceable(path: string): Promise<void> {
  try {
    const stats = await lstat(path);
    if (stats.isFile()) return;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw writeFailure(path, error);
  }
  throw new HeldFileError('cannot-create', path, 'exists and is not a regular file', {
    fix: 'name a file that is new, or a regular file to replace',
  });
}
