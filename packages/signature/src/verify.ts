// SPDX-License-Identifier: Apache-2.0
import { createHash, verify } from 'node:crypto';
import { SignatureError } from './error.js';
import type { SshSignature } from './parse/signature.js';
import { signedBytes } from './parse/signed.js';

/**
 * Refuses a signature that its key did not make of a message with this digest: the mathematics, and nothing about whose
 * key it is.
 * @param digest of the message by `signature.hash`, raw
 * @throws SignatureError `not-verified`
 */
export function verifySignature(signature: SshSignature, digest: Uint8Array): void {
  const { key, namespace, hash, raw } = signature;
  const signed = signedBytes(namespace, hash, digest);
  const message = raw.token === undefined ? signed : tokenBytes(key.application, raw.token, signed);
  const options = { key: key.verifier, dsaEncoding: 'ieee-p1363' } as const;
  // Node's null is for algorithms with a hash of their own.
  if (verify(raw.digest ?? null, message, options, raw.bytes)) return;
  throw new SignatureError('not-verified', `not a signature of this file by the key ${key.fingerprint}`, {
    fix: 'get the file and its signature again, from the same place; one of them was changed, or belongs to another',
  });
}

/** Returns what a security key signs: whom for, its flags and counter, and what it was given (OpenSSH, PROTOCOL.u2f). */
function tokenBytes(application: Uint8Array, token: Uint8Array, signed: Uint8Array): Buffer {
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
  return Buffer.concat([sha256(application), token, sha256(signed)]);
}
