// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * A reason for which Seal does not vouch for a project.
 *
 * - `manifest`: `latticra.seal` violates its rules.
 * - `pattern`: an exclude or file name pattern of another form than the manifest knows.
 * - `list`: a hash list or lockfile in any other form than the one Seal writes.
 * - `artifact`: a report, hash list or lockfile that is missing or not whole; for `init` a README or license that is
 *   missing.
 * - `unsafe`: the place itself: a root or report folder that cannot be trusted with evidence.
 * - `exists`: `init` found a manifest.
 */
export type SealErrorCode = 'manifest' | 'pattern' | 'list' | 'artifact' | 'unsafe' | 'exists';

const KIND: Record<SealErrorCode, FailureKind> = {
  manifest: 'data',
  pattern: 'data',
  list: 'data',
  artifact: 'data',
  unsafe: 'cannot-create',
  exists: 'cannot-create',
};

/**
 * Thrown by this package, beside the `HeldFileError` of what a file or folder does. The message of what goes wrong with
 * a file in a project begins with its path; a parser, which is given bytes, begins with the line or the key.
 */
export class SealError extends Failure<SealErrorCode> {
  constructor(code: SealErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}

/** Says what went wrong and what to do about it, on one line. */
export function withFix({ message, fix }: Failure): string {
  return fix === undefined ? message : `${message}; ${fix}`;
}
