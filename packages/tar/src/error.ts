// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * - `damaged`: the bytes are no whole tar archive, or no whole gzip file.
 * - `refused`: a member leads outside, or is one that tars unpack differently or not at all.
 * - `unread`: the content of a member was neither read nor skipped, a mistake of the caller.
 */
export type TarErrorCode = 'damaged' | 'refused' | 'unread';

/** Thrown by everything that reads an archive. The message names the member, and `fix` says what to do. */
export class TarError extends Failure<TarErrorCode> {
  constructor(code: TarErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}

/** What is wrong with a member, in words that go on from its name, and what to do. */
export interface Problem {
  readonly reason: string;
  readonly fix: string;
}

/** What to do where there is nothing better to say. */
export const MAKE_AGAIN = 'make it again from its folder, as with tar -C <folder> -cf <archive> .';

/** What to do about bytes that are missing or changed. */
export const GET_AGAIN = 'get it again from where it came, or make it again from its folder';

/** Returns what is wrong with a member, as one. */
export function problem(reason: string, fix = MAKE_AGAIN): Problem {
  return { reason, fix };
}
