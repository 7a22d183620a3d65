// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/**
 * - `unsupported-platform`: commands for the machine's own platform were asked for, and there are none.
 * - `bad-request`: an expected digest that is none, or half of what accepts a device by its name.
 * - `iso-differs`: the image is not the one that was expected.
 * - `bad-image`: the image is no ISO, or not all of one.
 */
export type UsbCommandErrorCode = 'unsupported-platform' | 'bad-request' | 'iso-differs' | 'bad-image';

const KINDS: Record<UsbCommandErrorCode, FailureKind> = {
  'unsupported-platform': 'usage',
  'bad-request': 'usage',
  'iso-differs': 'data',
  'bad-image': 'data',
};

/** The error of this package. A device that must not be written to is no error but an answer: see the document. */
export class UsbCommandError extends Failure<UsbCommandErrorCode> {
  constructor(code: UsbCommandErrorCode, message: string, details?: FailureDetails) {
    super(code, KINDS[code], message, details);
  }
}
