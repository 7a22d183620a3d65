// SPDX-License-Identifier: Apache-2.0
import { setImmediate } from 'node:timers/promises';
import type { AnchoredFile } from '@latticra/held-files/anchor';
import { digestHere, type Room, type StreamDigest, withDigests } from '@latticra/held-files/digest';
import type { MarkerScan } from '../policy/scan.js';
import type { FileOutcome } from './batch.js';

/** The means to read a large file. */
export interface LargeReading {
  readonly scan: MarkerScan;
  /** Whether another thread may hash what this one reads and searches. */
  readonly hasThreads: boolean;
  /** Takes the number of bytes that each step added. */
  readonly onBytes: (count: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads a file once, as `FileReader` does, in steps between which signals and timers get their turn.
 * @throws HeldFileError when it is not the same from its first byte to its last, or the other thread ends
 */
export function readLarge(file: AnchoredFile, reading: LargeReading): Promise<FileOutcome> {
  // What is read for this thread alone is read to where it is searched.
  if (!reading.hasThreads) return readInto(() => reading.scan.room, digestHere().stream(), file, reading);
  return withDigests({ bytes: file.size, threads: 1 }, ({ rooms: [room], stream }) =>
    readInto(room, stream(), file, reading),
  );
}

async function readInto(
  room: Room,
  digest: StreamDigest,
  file: AnchoredFile,
  { scan, onBytes, signal }: LargeReading,
): Promise<FileOutcome> {
  scan.begin();
  for (const chunk of file.chunks(room)) {
    digest.add(chunk);
    scan.add(chunk);
    onBytes(chunk.length);
    await setImmediate();
    signal.throwIfAborted();
  }
  return { sha256: digest.end(), found: scan.found() };
}
