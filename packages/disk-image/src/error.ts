// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * What can be wrong with an image, or with the plan for one.
 *
 * - `truncated`: the image ends before something it says it contains.
 * - `bad-magic`: it is not of this format at all.
 * - `corrupt`: a structure contradicts the format, a checksum, or another structure.
 * - `unsupported`: a valid image that uses a feature this reader does not know.
 * - `not-found`: no such file or partition in it.
 * - `out-of-range`: a read outside the source; from a reader of images it means the caller's own mistake.
 * - `other-format`: it is sound, but something else than what was asked for.
 * - `overlap`, `too-large`, `bad-name`: the plan for a new image cannot be written.
 * - `bad-target`: it cannot be written there.
 * - `ambiguous`: several things in it can be meant, and none was chosen.
 */
export type ImageErrorCode =
  | 'truncated'
  | 'bad-magic'
  | 'corrupt'
  | 'unsupported'
  | 'not-found'
  | 'out-of-range'
  | 'other-format'
  | 'overlap'
  | 'too-large'
  | 'bad-name'
  | 'bad-target'
  | 'ambiguous';

/** Thrown by every reader and writer in this package; the message names the structure, its place and what was expected. */
export class ImageError extends Failure<ImageErrorCode> {
  constructor(code: ImageErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
