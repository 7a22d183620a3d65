// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/**
 * - `not-one-line`: a text that is empty, has more than one line, or does not end its line.
 * - `bad-command-line`: a command line that is empty, too long, or holds more than printable ASCII.
 * - `bad-os-release`: a text that is no os-release file.
 * - `unfit-kernel`: a kernel that cannot be started from a unified kernel image.
 * - `unfit-initrd`: an initramfs that is none.
 * - `uki-too-large`: a unified kernel image above 2 GiB.
 * - `bad-uki`: a file that is no unified kernel image as this package writes them.
 * - `not-signed`: a file that was to be signed carries no signature.
 * - `signed-differs`: a signed file differs from the unsigned one in more than a signature may change.
 * - `bad-signature`: a signature that is damaged, or was made over another file.
 */
export type LinuxImageErrorCode =
  | 'not-one-line'
  | 'bad-command-line'
  | 'bad-os-release'
  | 'unfit-kernel'
  | 'unfit-initrd'
  | 'uki-too-large'
  | 'bad-uki'
  | 'not-signed'
  | 'signed-differs'
  | 'bad-signature';

/** What this package refuses. */
export class LinuxImageError extends Failure<LinuxImageErrorCode> {
  constructor(code: LinuxImageErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
