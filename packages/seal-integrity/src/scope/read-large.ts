// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AnchoredFile } from '@latticra/held-files/anchor';
import type { MarkerScan } from '../policy/scan.js';
import type { FileOutcome } from './batch.js';
import type { Helper } from './helper.js';

/** What a large file is read with. */
export interface LargeReading {
  readonly scan: MarkerScan;
  /** Reads and hashes it, while this thread searches what was read; absent where there is one thread alone. */
  readonly helper: Helper | undefined;
  /** Called with the number of bytes each step added. */
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
  scan.begin();
  let seen = 0;
  const see = (chunk: Uint8Array) => {
    signal.throwIfAborted();
    scan.add(chunk);
    seen += chunk.length;
    onBytes(chunk.length);
  };
  const sum = await (helper === undefined ? sumHere(file, scan.room, see) : helper.sum(file, see));
  if ('failure' in sum) return sum;
  file.assertUnchanged();
  if (seen !== file.size) return { failure: `${file.path}: ${seen} of ${file.size} bytes were searched` };
  return { sha256: sum.sha256, found: scan.found() };
}

async function sumHere(file: AnchoredFile, room: Buffer, see: (chunk: Uint8Array) => void) {
  const sum = createHash('sha256');
  for (const chunk of file.chunks(() => room)) {
    sum.update(chunk);
    see(chunk);
    await setImmediate();
  }
  return { sha256: sum.digest('hex') };
}
