// SPDX-License-Identifier: Apache-2.0
import { wireStrings } from '../wire/write.js';
import { MAGIC, type MessageHash } from './signature.js';

/** The bytes of a digest, by its hash. */
export const DIGEST_BYTES: Readonly<Record<MessageHash, number>> = { sha256: 32, sha512: 64 };

/**
 * Returns the bytes that are signed for a message of this digest (OpenSSH, PROTOCOL.sshsig, section 2.3). They name neither
 * the version nor the key.
 * @param digest raw, not in hexadecimal digits
 */
export function signedBytes(namespace: string, hash: MessageHash, digest: Uint8Array): Buffer {
  if (digest.length !== DIGEST_BYTES[hash]) {
    throw new RangeError(`a digest of ${digest.length} bytes is none of ${hash}`);
  }
  return Buffer.concat([Buffer.from(MAGIC), wireStrings(namespace, '', hash, digest)]);
}
