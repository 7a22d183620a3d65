// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/**
 * Computes the package verification code over the files of one package (SPDX 2.3 clause 7.9): the SHA1, in lower-case
 * hexadecimal, over the files' own lower-case SHA1s, sorted and joined without a separator. Files that the code
 * excludes, the SPDX document itself above all, must not be among them.
 */
export function verificationCode(sha1s: readonly string[]): string {
  return createHash('sha1')
    .update([...sha1s].sort().join(''))
    .digest('hex');
}
