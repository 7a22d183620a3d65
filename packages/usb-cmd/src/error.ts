// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails } from '@latticra/failure';

/** - `unsupported-platform`: commands for the machine's own platform were asked for, and there are none. */
export type UsbCommandErrorCode = 'unsupported-platform';

/** The error of this package. A device that must not be written to is no error but an answer: see the document. */
export class UsbCommandError extends Failure<UsbCommandErrorCode> {
  constructor(code: UsbCommandErrorCode, message: string, details?: FailureDetails) {
    super(code, 'usage', message, details);
  }
}
