// SPDX-License-Identifier: Apache-2.0
import { KEY_TYPES, type PublicKey } from './types.js';

/**
 * Returns what two public keys have in common that one secret is behind: the point of an elliptic curve, also where one of them says that
 * a security key holds it; and the modulus of an RSA key, whose factors give a signature for any exponent. A fingerprint is of the way a
 * key is written.
 */
export function keyIdentity({ type, verifier }: Pick<PublicKey, 'type' | 'verifier'>): string {
  const { x, y, n } = verifier.export({ format: 'jwk' });
  const { kind, curve } = KEY_TYPES[type];
  return JSON.stringify([curve ?? kind, n ?? x, y ?? null]);
}
