// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { uuidBytes, uuidText } from './guid.js';

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
  const digest = createHash('sha1').update(uuidBytes(namespace)).update(name).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(digest.subarray(0, 16));
}
