// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '@latticra/disk-image';
import { LinuxImageError, type LinuxImageErrorCode } from '../error.js';

/**
 * Returns what `read` does, and passes on what a reader of images refuses in it as an error of ours.
 * @param what the file, as the message should name it
 */
export function wrapImageError<T>(code: LinuxImageErrorCode, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new LinuxImageError(code, `${what}: ${cause.message}`, {
      cause,
      ...(cause.fix === undefined ? {} : { fix: cause.fix }),
    });
  }
}
