// SPDX-License-Identifier: Apache-2.0
import { isAside, workAside } from './aside/aside.js';
import { type FilePlace, type StableFile, withStableFile } from './open.js';
import { type MeasureFileOptions, type Measurement, type MeasureOptions, sumOpen } from './sums.js';

/**
 * Reads a file once, in constant memory, and returns its length, digest and head; fails when it was
 * not the same file from beginning to end.
 *
 * @example
 * import { measureFile } from '@latticra/held-files';
 *
 * const { size, sha256 } = await measureFile('os.iso', { signal: AbortSignal.timeout(60_000) });
 * console.log(size, sha256);
 *
 * @throws HeldFileError as `withStableFile`
 */
export function measureFile(file: FilePlace, options: MeasureFileOptions = {}): Promise<Measurement> {
  return withStableFile(file, (held) => measureOpen(held, options));
}

/**
 * Measures a file and then lets `use` look into it, both through the one descriptor that is held to the same
 * content: what is found in it lies in what was measured.
 * @throws HeldFileError as `withStableFile`, and what `use` throws
 */
export function measureAndUse<T>(
  file: FilePlace,
  use: (file: StableFile, measurement: Measurement) => T | Promise<T>,
  options: MeasureOptions = {},
): Promise<T> {
  return withStableFile(file, async (held) => use(held, await measureOpen(held, options)));
}

/**
 * Measures a file that is open already. The caller makes sure that it was the same one all along, as {@link withStableFile} does.
 * @throws HeldFileError `changed`, `io`
 */
export async function measureOpen(file: StableFile, options: MeasureFileOptions = {}): Promise<Measurement> {
  options.signal?.throwIfAborted();
  if (options.onChunk === undefined && isAside(file, options)) return workAside({ file }, options);
  return sumOpen(file, options);
}
