// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * What keeps Seal from vouching for a project.
 *
 * - `manifest`: `latticra.seal` violates its rules.
 * - `pattern`: an exclude or file name pattern of another form than the manifest knows.
 * - `path`: a name that no hash list can hold.
 * - `list`: a hash list or lockfile in any other form than the one Seal writes.
 * - `artifact`: a report, hash list or lockfile that is missing, unsafe, or cannot be replaced.
 * - `unsafe`: the place itself: a root or report folder that cannot be trusted with evidence.
 * - `exists`: `init` found a manifest.
 */
export type SealErrorCode = 'manifest' | 'pattern' | 'path' | 'list' | 'artifact' | 'unsafe' | 'exists';

const KIND: Record<SealErrorCode, FailureKind> = {
  manifest: 'data',
  pattern: 'data',
  path: 'data',
  list: 'data',
  artifact: 'data',
  unsafe: 'cannot-create',
  exists: 'cannot-create',
};

/** Thrown by everything in this package; the message begins with the file it is about. */
export class SealError extends Failure<SealErrorCode> {
  constructor(code: SealErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}
