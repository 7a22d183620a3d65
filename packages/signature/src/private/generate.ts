// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isPlainText } from '@latticra/evidence-format';
import { formatArmour } from '../text/armour.js';
import { wireStrings, wireU32 } from '../wire/write.js';
import { type Ed25519PrivateKey, ed25519Halves, ed25519Key } from './key.js';
import { BLOCK_BYTES, KEY_MAGIC } from './parse.js';

/** A key that was just made, and the files of it. */
export interface GeneratedKey {
  /** The private key's file, without a passphrase, as ssh-keygen writes it: for its owner alone to read (0600). */
  readonly privateFile: Uint8Array;
  /** The line of the `.pub` file, with its end. */
  readonly publicLine: string;
  readonly key: Ed25519PrivateKey;
}

/** Makes a key of ed25519, without any program. @param comment what ssh-keygen would fill with user@host */
export function generateEd25519Key(comment: string): GeneratedKey {
  if (!isPlainText(comment)) throw new RangeError('the comment of a key is one line');
  const { seed, point } = ed25519Halves({ signer: generateKeyPairSync('ed25519').privateKey });
  const key = ed25519Key(seed, point, comment);
  const { blob } = key.publicKey;
  const suffix = comment === '' ? '' : ` ${comment}`;
  return {
    privateFile: Buffer.from(formatArmour('OPENSSH PRIVATE KEY', formatPrivate(key))),
    publicLine: `ssh-ed25519 ${Buffer.from(blob).toString('base64')}${suffix}\n`,
    key,
  };
}

/** Writes what is in the armour of a private key's file (OpenSSH, PROTOCOL.key). */
function formatPrivate(key: Ed25519PrivateKey): Buffer {
  const { seed, point } = ed25519Halves(key);
  const check = randomBytes(4);
  const inside = Buffer.concat([
    check,
    check,
    wireStrings('ssh-ed25519', point, Buffer.concat([seed, point]), key.comment),
  ]);
  const missing = (BLOCK_BYTES - (inside.length % BLOCK_BYTES)) % BLOCK_BYTES;
  const padding = Buffer.from(Array.from({ length: missing }, (_, index) => index + 1));
  return Buffer.concat([
    Buffer.from(KEY_MAGIC),
    wireStrings('none', 'none', ''),
    wireU32(1),
    wireStrings(key.publicKey.blob, Buffer.concat([inside, padding])),
  ]);
}
