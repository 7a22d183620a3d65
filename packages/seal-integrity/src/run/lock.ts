// SPDX-License-Identifier: Apache-2.0
import type { AnchoredFile, AnchoredFolder } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import type { HashEntry } from '../hash-list/entry.js';
import { parseHashList } from '../hash-list/parse.js';
import { SEAL_FILES } from '../manifest/schema.js';
import { ARTIFACT_NAMES, bytesOfArtifact, publishArtifact } from './artifact.js';
import { named } from './manifest.js';

/** The bytes of a hash list that are copied at a time. */
const COPY_BYTES = 1 << 20;

/** The advice for a lockfile that was changed since `baseline` made it. */
const LOCK_FIX =
  'take it from version control again, or run latticra-seal baseline where all files are as they should be';

/**
 * Reads the lockfile, once: whatever takes its name later is not what is compared with.
 * @throws HeldFileError, and SealError `artifact` where there is none, `list` where it is no hash list
 */
export function readLock(root: AnchoredFolder): HashEntry[] {
  if (root.lstat(ARTIFACT_NAMES.lock) === undefined) {
    throw new SealError('artifact', `${SEAL_FILES.lock}: no such file`, {
      fix: 'run latticra-seal baseline',
    });
  }
  const bytes = bytesOfArtifact(root, ARTIFACT_NAMES.lock);
  return named(SEAL_FILES.lock, () => parseHashList(bytes), LOCK_FIX);
}

/** Makes an exact copy of a held hash list the lockfile. @throws HeldFileError */
export function writeLock(root: AnchoredFolder, hashList: AnchoredFile): void {
  publishArtifact(root, ARTIFACT_NAMES.lock, () => piecesOf(hashList)).close();
}

/** Yields the bytes of a held file, and throws unless they were its own from the first to the last. */
function* piecesOf(file: AnchoredFile): Generator<Buffer> {
  const pieces: Buffer[] = [];
  // Gathered before any of it is passed on: only in the end is it known that nothing changed.
  file.read(Buffer.allocUnsafe(COPY_BYTES), (chunk) => pieces.push(Buffer.from(chunk)));
  yield* pieces;
}
