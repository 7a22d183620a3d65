// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/** - `bad-image`: a file is not the image that it was named as, is not all of it, or needs more than its own bytes. */
export type QemuArgvErrorCode = 'bad-image';

/** The error of this package. */
export class QemuArgvError extends Failure<QemuArgvErrorCode> {
  constructor(code: QemuArgvErrorCode, message: string, details?: FailureDetails) {
    super(code, 'data', message, details);
  }
}
