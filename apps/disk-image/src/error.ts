// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * What of an image cannot become files of a folder.
 *
 * - `unsafe-name`: a name that would lead elsewhere, or that this system cannot have.
 * - `same-name`: two entries that would be one file in the folder.
 * - `too-large`: more content, or more entries, than was allowed.
 */
export type ExtractErrorCode = 'unsafe-name' | 'same-name' | 'too-large';

/** Thrown before anything is written, by the plan of an extraction. */
export class ExtractError extends Failure<ExtractErrorCode> {
  constructor(code: ExtractErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
