// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyIdentity, parsePublicKey } from '../index.js';
import { wireStrings } from '../wire/write.js';

const keyOf = (...parts: (Uint8Array | string)[]) => parsePublicKey(wireStrings(...parts));
const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');
const point = () => bytes(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x);

describe('keyIdentity', () => {
  it('an ed25519 key is the same where it is said to be of a security key, and another where its point is', () => {
    const own = point();
    const plain = keyOf('ssh-ed25519', own);
    const twin = keyOf('sk-ssh-ed25519@openssh.com', own, 'ssh:');
    expect(twin.fingerprint).not.toBe(plain.fingerprint);
    expect(keyIdentity(twin)).toBe(keyIdentity(plain));
    expect(keyIdentity(keyOf('ssh-ed25519', point()))).not.toBe(keyIdentity(plain));
  });

  it('an ECDSA key is the same where it is said to be of a security key', () => {
    const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    const own = Buffer.concat([Buffer.of(4), bytes(x), bytes(y)]);
    const plain = keyOf('ecdsa-sha2-nistp256', 'nistp256', own);
    const twin = keyOf('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', own, 'ssh:');
    expect(keyIdentity(twin)).toBe(keyIdentity(plain));
  });

  it('an RSA key is the same with another exponent, and another with another modulus', () => {
    const modulus = () => {
      const { n } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
      return Buffer.concat([Buffer.alloc(1), bytes(n)]);
    };
    const own = modulus();
    const one = keyOf('ssh-rsa', Buffer.of(1, 0, 1), own);
    const other = keyOf('ssh-rsa', Buffer.of(3), own);
    expect(other.fingerprint).not.toBe(one.fingerprint);
    expect(keyIdentity(other)).toBe(keyIdentity(one));
    expect(keyIdentity(keyOf('ssh-rsa', Buffer.of(3), modulus()))).not.toBe(keyIdentity(one));
  });
});
