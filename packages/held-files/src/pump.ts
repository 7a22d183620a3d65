// SPDX-License-Identifier: Apache-2.0
import type { FileHandle } from 'node:fs/promises';
import { createDirectWriter } from './direct/write.js';
import { writeFailure } from './error.js';
import type { Measurement } from './measurement.js';
import type { StableFile } from './open.js';
import { chunksOf } from './read.js';
import { createSums, type MeasureOptions, ZEROS } from './sums.js';
import { createEarlySync } from './sync.js';
import { writeAllSync } from './write-all.js';

/** What a copy is written to, open. */
export type PumpTarget = Pick<FileHandle, 'fd' | 'datasync' | 'truncate' | 'sync'>;

/**
 * Copies an open file to a new one and sums it, on this thread: the bytes that are written are those that are summed.
 * @param to path of the new one, for messages
 * @throws HeldFileError `changed`, `io`; the reason of the signal
 * @internal
 */
export async function pump(
  source: StableFile,
  target: PumpTarget,
  to: string,
  options: MeasureOptions,
): Promise<Measurement> {
  const sums = createSums(options);
  let at = 0;
  const early = createEarlySync(target);
  const direct = createDirectWriter(to, target.fd, source.size);
  try {
    for await (const chunk of chunksOf(source, direct?.room)) {
      // Zeros become a hole, as they mostly were.
      const isHole = isZero(chunk);
      if (direct !== undefined) direct.take(chunk.length, isHole);
      else if (!isHole) writeAllSync(to, target.fd, chunk, at);
      sums.add(chunk);
      at += chunk.length;
      await direct?.ready();
      await early.reached(at);
    }
    await direct?.settle();
    await early.settle();
    await target.truncate(at);
    await target.sync();
  } catch (error) {
    // Whoever closes it next has nothing under way there.
    await early.settle().catch(() => undefined);
    if (options.signal?.aborted === true) throw options.signal.reason;
    throw writeFailure(to, error);
  } finally {
    await direct?.close();
  }
  return sums.finish(to);
}

function isZero(bytes: Uint8Array): boolean {
  return ZEROS.subarray(0, bytes.length).equals(bytes);
}
