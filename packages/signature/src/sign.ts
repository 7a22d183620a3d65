// SPDX-License-Identifier: Apache-2.0
import { sign } from 'node:crypto';
import type { Namespace } from './namespace.js';
import { MAGIC, type MessageHash } from './parse/signature.js';
import { signedBytes } from './parse/signed.js';
import type { Ed25519PrivateKey } from './private/key.js';
import { formatArmour } from './text/armour.js';
import { wireStrings, wireU32 } from './wire/write.js';

/**
 * Signs a message, of which the digest is enough, with a key that this process holds. A key signs the same message alike
 * every time (RFC 8032).
 * @param digest raw, of the message by `hash`
 * @returns the file of the signature, as ssh-keygen writes it
 */
export function signWithKey(
  key: Ed25519PrivateKey,
  namespace: Namespace,
  digest: Uint8Array,
  hash: MessageHash = 'sha256',
): Uint8Array {
  const raw = sign(null, signedBytes(namespace, hash, digest), key.signer);
  const blob = Buffer.concat([
    Buffer.from(MAGIC),
    wireU32(1),
    wireStrings(key.publicKey.blob, namespace, '', hash, wireStrings(key.publicKey.type, raw)),
  ]);
  return Buffer.from(formatArmour('SSH SIGNATURE', blob));
}
