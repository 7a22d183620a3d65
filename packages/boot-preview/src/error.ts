// SPDX-License-Identifier: Apache-2.0
import { Failure, type FailureDetails, type FailureKind } from '@latticra/failure';

/** Why a boot-preview document, image or record was refused. */
export type BootPreviewErrorCode = 'unknown-profile';

const KIND: Record<BootPreviewErrorCode, FailureKind> = {
  'unknown-profile': 'usage',
};

/** Thrown by everything in this package. */
export class BootPreviewError extends Failure<BootPreviewErrorCode> {
  constructor(code: BootPreviewErrorCode, message: string, details?: FailureDetails) {
    super(code, KIND[code], message, details);
  }
}
