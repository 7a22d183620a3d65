// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parsePublicKey } from '../key/public-key.js';
import type { PublicKey } from '../key/types.js';
import { wireStrings } from '../wire/write.js';

/** A private key of ed25519 that this process holds. */
export interface Ed25519PrivateKey {
  readonly publicKey: PublicKey;
  /** The key for node:crypto. */
  readonly signer: KeyObject;
  readonly comment: string;
}

/** Makes a key of its seed and its public half, 32 bytes each (RFC 8032, section 5.1.5). @throws what Node throws for halves that differ */
export function ed25519Key(seed: Uint8Array, point: Uint8Array, comment: string): Ed25519PrivateKey {
  const [d, x] = [seed, point].map((bytes) => Buffer.from(bytes).toString('base64url')) as [string, string];
  const signer = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  return { publicKey: parsePublicKey(wireStrings('ssh-ed25519', point)), signer, comment };
}

/** Returns the seed and the public half of a key. */
export function ed25519Halves({ signer }: Pick<Ed25519PrivateKey, 'signer'>): {
  seed: Buffer;
  point: Buffer;
} {
  const { d = '', x = '' } = signer.export({ format: 'jwk' });
  return { seed: Buffer.from(d, 'base64url'), point: Buffer.from(x, 'base64url') };
}
