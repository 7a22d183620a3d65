// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { type Ed25519PrivateKey, ed25519Halves, ed25519Key } from '../src/private/key.js';
import { formatArmour } from '../src/text/armour.js';
import { wireStrings, wireU32 } from '../src/wire/write.js';

/** The beginning of an ed25519 key in PKCS #8 (RFC 8410, section 7); its seed follows. */
const PKCS8 = '302e020100300506032b657004220420';

/** A key that is the same every time, and everybody's. */
export const FIXED: Ed25519PrivateKey = fixedKey(Buffer.alloc(32, 7));

function fixedKey(seed: Buffer): Ed25519PrivateKey {
  const der = Buffer.concat([Buffer.from(PKCS8, 'hex'), seed]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return ed25519Key(seed, Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'), 'fixed');
}

/** The parts of a private key's file. */
interface Parts {
  magic: string;
  cipher: string;
  kdf: string;
  options: string;
  count: number;
  publicBlob: Uint8Array;
  checks: readonly [number, number];
  type: string;
  halves: Uint8Array;
  padding: readonly number[];
  tail: string;
}

/** Writes the file of the fixed key, in which parts may be others. */
export function privateFile(parts: Partial<Parts> = {}): Buffer {
  const { seed, point } = ed25519Halves(FIXED);
  const sound: Parts = {
    magic: 'openssh-key-v1\0',
    cipher: 'none',
    kdf: 'none',
    options: '',
    count: 1,
    publicBlob: wireStrings('ssh-ed25519', point),
    checks: [7, 7],
    type: 'ssh-ed25519',
    halves: Buffer.concat([seed, point]),
    padding: [1, 2, 3, 4],
    tail: '',
  };
  const { magic, cipher, kdf, options, count, publicBlob, checks, type, halves, padding, tail } = {
    ...sound,
    ...parts,
  };
  const inside = Buffer.concat([
    ...checks.map(wireU32),
    wireStrings(type, point, halves, 'c'),
    Buffer.from(padding),
  ]);
  const blob = Buffer.concat([
    Buffer.from(magic),
    wireStrings(cipher, kdf, options),
    wireU32(count),
    wireStrings(publicBlob, inside),
    Buffer.from(tail),
  ]);
  return Buffer.from(formatArmour('OPENSSH PRIVATE KEY', blob));
}
