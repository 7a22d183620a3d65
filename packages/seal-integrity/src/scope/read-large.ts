// SPDX-License-Identifier: Apache-2.0
import type { AnchoredFile } from '@latticra/held-files/anchor';
import type { MarkerScan } from '../policy/scan.js';
import type { FileOutcome } from './batch.js';
import type { Helper } from './helper.js';
import { sumHere, sumThere } from './sum.js';

/** The means to read a large file. */
export interface LargeReading {
  readonly scan: MarkerScan;
  /** The thread that hashes what this one reads and searches; absent where there is one thread alone. */
  readonly helper: Helper | undefined;
  /** Takes the number of bytes that each step added. */
  readonly onBytes: (count: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads a file once, as `FileReader` does, in steps between which signals and timers get their turn.
 * @throws HeldFileError when it is not the same from its first byte to its last; SealError when the helper ends
 */
export async function readLarge(
  file: AnchoredFile,
  { scan, helper, onBytes, signal }: LargeReading,
): Promise<FileOutcome> {
  const sum = helper === undefined ? sumHere(scan.room) : sumThere(helper);
  scan.begin();
  for (const chunk of file.chunks(() => sum.room())) {
    sum.add(chunk);
    scan.add(chunk);
    onBytes(chunk.length);
    await sum.ready();
    signal.throwIfAborted();
  }
  return { sha256: await sum.digest(), found: scan.found() };
}
