// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash, hash } from 'node:crypto';
import { Failure } from '@latticra/failure';
import type { AnchoredFolder, Identity } from '@latticra/held-files/anchor';
import { withFix } from '../error.js';
import type { MarkerScan } from '../policy/scan.js';
import type { BatchPart, FileOutcome } from './batch.js';

/** The bytes that are read at a time: they stay in the processor's cache between hashing and searching. */
export const CHUNK_BYTES = 1 << 18;

/** A reader of files, each once, for its digest and denied content. All share the buffer of its scan. */
export interface FileReader {
  /** Reads a file. @throws HeldFileError when it is not the one that was observed, from its first byte to its last */
  read(folder: AnchoredFolder, name: string, observed: Identity): FileOutcome;
}

/** Makes a reader. @param onBytes takes the number of bytes that each step added */
export function createFileReader(
  scan: MarkerScan,
  onBytes: (count: number) => void = () => undefined,
): FileReader {
  return {
    read(folder, name, observed) {
      const file = folder.openFile(name, observed);
      try {
        scan.begin();
        let sha256 = EMPTY;
        let sum: Hash | undefined;
        file.read(scan.room, (chunk) => {
          // For a file that came in one piece, as most do, one call is quicker than three.
          if (chunk.length === file.size) sha256 = hash('sha256', chunk);
          else {
            sum ??= createHash('sha256');
            sum.update(chunk);
          }
          scan.add(chunk);
          onBytes(chunk.length);
        });
        return { sha256: sum?.digest('hex') ?? sha256, found: scan.found() };
      } finally {
        file.close();
      }
    },
  };
}

/** The digest of nothing. */
const EMPTY = hash('sha256', '');

/** Reads the files of a part; one that cannot be read says why and does not keep the others from it. */
export function readPart(reader: FileReader, folder: AnchoredFolder, part: BatchPart): FileOutcome[] {
  return part.names.map((name, index) => {
    try {
      return reader.read(folder, name, identityAt(part, index));
    } catch (error) {
      return { failure: failureText(error) };
    }
  });
}

/** Returns the identity that the file at `index` of a part was seen to have. */
export function identityAt({ identities }: BatchPart, index: number): Identity {
  const dev = identities[2 * index];
  const ino = identities[2 * index + 1];
  if (dev === undefined || ino === undefined) throw new RangeError('a file without its identity');
  return { dev, ino };
}

/** Returns what a reasoned failure says, and what to do about it. @throws the error if it is a defect instead */
export function failureText(error: unknown): string {
  if (!(error instanceof Failure)) throw error;
  return withFix(error);
}
