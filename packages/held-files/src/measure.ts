// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { isAside, workAside } from './aside/aside.js';
import type { Measurement } from './measurement.js';
import { type FilePlace, type StableFile, withStableFile } from './open.js';
import { type MeasureFileOptions, type MeasureOptions, sumOpen } from './sums.js';

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
  return withStableFile(file, (held, stats) => measureKept(held, stats, options));
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
  return withStableFile(file, async (held, stats) => use(held, await measureKept(held, stats, options)));
}

/** Measures an open file, and keeps what comes of it where that is asked for. */
function measureKept(
  held: StableFile,
  stats: BigIntStats,
  options: MeasureFileOptions,
): Promise<Measurement> {
  const measure = () => measureOpen(held, options);
  return options.keep === undefined ? measure() : options.keep.keep(held, stats, measure);
}

/**
 * Measures a file that is open already, unless what it measures is known. The caller makes sure that it was the same one all along, as
 * {@link withStableFile} does.
 * @throws HeldFileError `changed`, `io`
 */
export async function measureOpen(file: StableFile, options: MeasureFileOptions = {}): Promise<Measurement> {
  options.signal?.throwIfAborted();
  const known = options.onChunk === undefined ? options.known?.of(file, options) : undefined;
  if (known !== undefined) {
    options.onBytes?.(known.size);
    return { ...known, path: file.path };
  }
  if (options.onChunk === undefined && isAside(file, options)) return workAside({ file }, options);
  return sumOpen(file, options);
}
