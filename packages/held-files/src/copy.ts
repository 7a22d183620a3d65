// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { writeFailure } from './error.js';
import { createSums, type Measurement, type MeasureOptions } from './measure.js';
import { type HeldHandle, withHandle } from './open.js';
import { chunksOf } from './read.js';
import { writeAll, ZEROS } from './write.js';

/**
 * Copies a file to `to`, which must not exist, and sums it in the same pass: the source is read once, and
 * the measurement is of the very bytes that were written. Stretches of zeros are left as holes. Fails, leaving a partial `to` for the caller's
 * clean-up, when the source was not the same file all along; meant for inside `stageFolder`.
 *
 * @throws HeldFileError about `from` as `withStableFile`, about `to`: `exists`, `cannot-create`, `io`
 */
export function copyAndSum(from: string, to: string, options: MeasureOptions = {}): Promise<Measurement> {
  return withHandle(from, async (source) => {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    let target: FileHandle | undefined;
    try {
      target = await open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    } catch (error) {
      throw writeFailure(to, error);
    }
    try {
      return await pump(source, target, to, options);
    } finally {
      await target.close();
    }
  });
}

async function pump(
  source: HeldHandle,
  target: FileHandle,
  to: string,
  options: MeasureOptions,
): Promise<Measurement> {
  const fail = (error: unknown) => {
    throw writeFailure(to, error);
  };
  const sums = createSums(options);
  let at = 0;
  for await (const chunk of chunksOf(source)) {
    // Hashing keeps this thread busy while the write is under way. Zeros become a hole, as they mostly were.
    const written = isZero(chunk) ? undefined : writeAll(target, chunk, at).catch(fail);
    sums.add(chunk);
    await written;
    at += chunk.length;
  }
  await target.truncate(at).catch(fail);
  await target.sync().catch(fail);
  return sums.finish(to);
}

function isZero(bytes: Uint8Array): boolean {
  return ZEROS.subarray(0, bytes.length).equals(bytes);
}
