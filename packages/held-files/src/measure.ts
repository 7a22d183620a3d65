// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { type StableFile, withStableFile } from './open.js';
import { chunksOf } from './read.js';

/** What a file was found to be. */
export interface Measurement {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** 40 lower-case hexadecimal digits, or '' when it was not asked for. */
  readonly sha1: string;
  /** The first bytes, as many as the file has up to {@link HEAD_BYTES}: enough to tell formats apart. */
  readonly head: Uint8Array;
}

/** How much of a file's beginning a measurement keeps: a tar header, an ISO's descriptor at 32 KiB. */
export const HEAD_BYTES = 64 * 1024;

/** What to compute, and whom to tell how far it is. */
export interface MeasureOptions {
  /** Also compute SHA-1, in the same pass (SPDX wants it). */
  readonly sha1?: boolean;
  /** Called with the number of bytes each step added. */
  readonly onBytes?: (count: number) => void;
}

/** What {@link measureFile} can do besides. */
export interface MeasureFileOptions extends MeasureOptions {
  /**
   * Is shown each chunk in order, in the pass that sums it. The bytes are valid until what it returns is
   * settled, and nothing further is read until then.
   */
  readonly onChunk?: (bytes: Uint8Array) => Promise<void> | undefined;
}

/** Sums bytes as they go by. @internal */
export function createSums(options: MeasureOptions = {}) {
  const sha256 = createHash('sha256');
  const sha1 = options.sha1 === true ? createHash('sha1') : undefined;
  let size = 0;
  let head = Buffer.alloc(0);
  return {
    add(bytes: Uint8Array): void {
      if (size < HEAD_BYTES) head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES - size)]);
      sha256.update(bytes);
      sha1?.update(bytes);
      size += bytes.length;
      options.onBytes?.(bytes.length);
    },
    finish(path: string): Measurement {
      return { path, size, sha256: sha256.digest('hex'), sha1: sha1?.digest('hex') ?? '', head };
    },
  };
}

/**
 * Reads a file once, in constant memory, and says how long it is and what its digest is; fails when it was
 * not the same file from beginning to end.
 * @throws HeldFileError as `withStableFile`
 */
export function measureFile(path: string, options: MeasureFileOptions = {}): Promise<Measurement> {
  return withStableFile(path, (file) => measureOpen(file, options));
}

/**
 * Measures a file and then lets `use` look into it, both through the one descriptor that is held to the same
 * content: what is found in it lies in what was measured.
 * @throws HeldFileError as `withStableFile`, and what `use` throws
 */
export function measureAndUse<T>(
  path: string,
  use: (file: StableFile, measurement: Measurement) => T | Promise<T>,
  options: MeasureOptions = {},
): Promise<T> {
  return withStableFile(path, async (file) => use(file, await measureOpen(file, options)));
}

/** Measures an open file; whether it was the same one all along is the caller's to find out. @internal */
export async function measureOpen(file: StableFile, options: MeasureFileOptions): Promise<Measurement> {
  const sums = createSums(options);
  for await (const chunk of chunksOf(file)) {
    // Whoever works on it elsewhere does so while hashing keeps this thread busy.
    const seen = options.onChunk?.(chunk);
    sums.add(chunk);
    await seen;
  }
  return sums.finish(file.path);
}
