// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { directChunksOf } from './direct/read.js';
import type { KeptMeasurements } from './kept.js';
import { HEAD_BYTES, type Measurement } from './measurement.js';
import type { StableFile } from './open.js';
import { chunksOf } from './read.js';

/** Options of a measurement. */
export interface MeasureOptions {
  /** Whether to compute SHA-1 as well, in the same pass (SPDX wants it). */
  readonly sha1?: boolean;
  /** Whether to compute SHA-512 as well, in the same pass: most signatures are over that. */
  readonly sha512?: boolean;
  /**
   * Whether another thread does it, where that is worth it: for whoever has something else of the kind to do meanwhile. It is
   * done by the same code, and nothing is left of the thread afterwards.
   */
  readonly aside?: boolean | undefined;
  /**
   * Whether what is only measured is read as the disk has it, past the page cache, where the system can: for what was just written,
   * which a copy writes past it.
   */
  readonly fromDisk?: boolean | undefined;
  /** Takes the number of bytes that each step added. */
  readonly onBytes?: (count: number) => void;
  /** What earlier steps measured: a file that is still one of those is not read again. */
  readonly known?: KeptMeasurements | undefined;
  /** What keeps this for later steps, where the file is opened for it; where it is copied, of the copy as well. */
  readonly keep?: KeptMeasurements | undefined;
  /** Ends the work between two pieces, with its reason; what was written by then is not there any more, or partial. */
  readonly signal?: AbortSignal | undefined;
}

/** Zeros to sum a hole with, a piece at a time. @internal */
export const ZEROS = Buffer.alloc(1 << 20);

/** Options of `measureFile`. */
export interface MeasureFileOptions extends MeasureOptions {
  /**
   * Takes each chunk in order, in the pass that sums it. The bytes are valid until what it returns is
   * settled, and nothing further is read until then.
   */
  readonly onChunk?: (bytes: Uint8Array) => Promise<void> | undefined;
}

/** Makes the sums of bytes that go by in chunks. @internal */
export function createSums(options: MeasureOptions = {}) {
  const sha256 = createHash('sha256');
  const sha1 = options.sha1 === true ? createHash('sha1') : undefined;
  const sha512 = options.sha512 === true ? createHash('sha512') : undefined;
  let size = 0;
  let head = Buffer.alloc(0);
  return {
    add(bytes: Uint8Array): void {
      options.signal?.throwIfAborted();
      if (size < HEAD_BYTES) head = Buffer.concat([head, bytes.subarray(0, HEAD_BYTES - size)]);
      sha256.update(bytes);
      sha1?.update(bytes);
      sha512?.update(bytes);
      size += bytes.length;
      options.onBytes?.(bytes.length);
    },
    finish(path: string): Measurement {
      return {
        path,
        size,
        sha256: sha256.digest('hex'),
        sha1: sha1?.digest('hex') ?? '',
        sha512: sha512?.digest('hex') ?? '',
        head,
      };
    },
  };
}

/** Sums an open file on this thread. @throws HeldFileError `changed`, `io`; the reason of the signal @internal */
export async function sumOpen(file: StableFile, options: MeasureFileOptions): Promise<Measurement> {
  const sums = createSums(options);
  const fromDisk = options.fromDisk === true ? directChunksOf(file) : undefined;
  for await (const chunk of fromDisk ?? chunksOf(file)) {
    // Whoever works on it elsewhere does so while hashing keeps this thread busy.
    const seen = options.onChunk?.(chunk);
    sums.add(chunk);
    await seen;
  }
  return sums.finish(file.path);
}
