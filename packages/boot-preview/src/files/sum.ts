// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';

/** Returns the SHA-256 of bytes, as 64 hexadecimal digits. */
export function sumBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
