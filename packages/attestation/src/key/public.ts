// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, type KeyObject } from 'node:crypto';
import { type PublicKey, parsePublicKey, parsePublicLine, SignatureError } from '@latticra/signature';
import { AttestationError, refuse } from '../error.js';

const FIX = 'give a public key of ed25519: a .pub file of OpenSSH, or PEM';

/**
 * Reads a public key of ed25519: the line of a `.pub` file, or PEM (SubjectPublicKeyInfo).
 * @throws AttestationError `bad-key`
 */
export function parseTrustedKey(bytes: Uint8Array): PublicKey {
  const text = Buffer.from(bytes).toString('latin1').trim();
  try {
    const key = text.startsWith('-----BEGIN PUBLIC KEY-----') ? fromPem(text) : parsePublicLine(text);
    if (key.type === 'ssh-ed25519') return key;
    throw refuse('bad-key', `a public key of the type ${key.type}, expected ssh-ed25519`, FIX);
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    throw new AttestationError('bad-key', `the public key: ${cause.message}`, { cause, fix: FIX });
  }
}

function fromPem(text: string): PublicKey {
  let key: KeyObject;
  try {
    key = createPublicKey(text);
  } catch {
    throw refuse('bad-key', 'the public key is no PEM that can be read', FIX);
  }
  return publicKeyOf(key);
}

/** Returns the key of node:crypto as one of SSH's, by which it is named. @throws AttestationError `bad-key` */
export function publicKeyOf(key: KeyObject): PublicKey {
  if (key.asymmetricKeyType !== 'ed25519') {
    throw refuse('bad-key', `a key of the type ${key.asymmetricKeyType}, expected ed25519`, FIX);
  }
  const { x = '' } = key.export({ format: 'jwk' });
  const point = Buffer.from(x, 'base64url');
  const name = Buffer.from('ssh-ed25519');
  const length = (bytes: Uint8Array) => {
    const word = Buffer.alloc(4);
    word.writeUInt32BE(bytes.length);
    return word;
  };
  return parsePublicKey(Buffer.concat([length(name), name, length(point), point]));
}
