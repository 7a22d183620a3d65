// SPDX-License-Identifier: Apache-2.0
import { joinBytes } from '../layout/bytes.js';
import { uuidBytes, uuidText } from './guid.js';
import { sha1 } from './sha1.js';

/** Namespaces of RFC 9562, 6.6. */
export const UUID_NAMESPACE = {
  dns: '6BA7B810-9DAD-11D1-80B4-00C04FD430C8',
  url: '6BA7B811-9DAD-11D1-80B4-00C04FD430C8',
} as const;

/**
 * Makes the version 5 UUID of a name (RFC 9562, 5.5), in upper case: the same name gives the same UUID anywhere.
 * @throws ImageError `bad-name` when `namespace` is no UUID
 */
export function uuidV5(namespace: string, name: string | Uint8Array): string {
  const bytes = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  const digest = sha1(joinBytes(uuidBytes(namespace), bytes));
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  return uuidText(digest.subarray(0, 16));
}
