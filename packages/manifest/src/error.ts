// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * - `fixture`: the readiness fixture lacks a fact, claims one too many, or is no TOML.
 * - `manifest`: an artifact manifest contradicts its contract or itself.
 * - `mismatch`: a file is not what the manifest recorded.
 * - `format`: a file's content is not what it was declared to be, or contradicts its own format.
 * - `outside`: a manifest names a file that lies outside of its folder.
 * - `source`: the commit or tag that something is said to be built from is none, or the repository says otherwise.
 * - `unsigned`: signatures are to be verified, and an image has none.
 * - `archive`: an archive is damaged, or has a member that may not be unpacked.
 */
export type ManifestErrorCode =
  | 'fixture'
  | 'manifest'
  | 'mismatch'
  | 'format'
  | 'outside'
  | 'source'
  | 'unsigned'
  | 'archive';

/** Thrown by everything in this package that reads a manifest or measures what one names. */
export class ManifestError extends Failure<ManifestErrorCode> {
  constructor(code: ManifestErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
