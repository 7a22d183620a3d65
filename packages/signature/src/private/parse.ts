// SPDX-License-Identifier: Apache-2.0
import { createPublicKey } from 'node:crypto';
import { quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';
import { readArmour } from '../text/armour.js';
import { WireReader } from '../wire/read.js';
import { wireStrings } from '../wire/write.js';
import { type Ed25519PrivateKey, ed25519Key } from './key.js';

/** What a private key's file begins with, inside of its armour (OpenSSH, PROTOCOL.key). */
export const KEY_MAGIC = 'openssh-key-v1\0';
/** The padding of a key without a cipher ends at a multiple of this. */
export const BLOCK_BYTES = 8;
/** The largest private key file that is read, in bytes. */
const MAX_KEY_BYTES = 64 * 1024;

/**
 * Reads a private key of ed25519 in OpenSSH's own format, as ssh-keygen writes it without a passphrase.
 * @throws SignatureError `bad-private-key`, `encrypted-key`; nothing of the key is in the message
 */
export function parseOpensshPrivateKey(bytes: Uint8Array): Ed25519PrivateKey {
  const found =
    bytes.length > MAX_KEY_BYTES
      ? { reason: 'is too long' }
      : readArmour('OPENSSH PRIVATE KEY', Buffer.from(bytes).toString('latin1'));
  if ('reason' in found) throw refuse(`the private key ${found.reason}`);
  const reader = new WireReader(found.bytes, 'bad-private-key', 'the private key');
  if (reader.raw(KEY_MAGIC.length).toString('latin1') !== KEY_MAGIC)
    throw reader.refusal('is not one of OpenSSH');
  const cipher = reader.string().toString('latin1');
  if (cipher !== 'none') {
    throw new SignatureError('encrypted-key', `the private key has a passphrase (${quoteText(cipher)})`, {
      fix: 'sign with ssh-keygen, which asks for it, or put the key into an agent and name its .pub file',
    });
  }
  reader.expect('none', 'key derivation');
  reader.expect('', 'key derivation options');
  if (reader.u32() !== 1) throw reader.refusal('is not exactly one key');
  const publicBlob = reader.string();
  const inside = reader.string();
  reader.end();
  return parseInside(inside, publicBlob);
}

function parseInside(bytes: Buffer, publicBlob: Buffer): Ed25519PrivateKey {
  const reader = new WireReader(bytes, 'bad-private-key', 'the private key');
  const check = reader.u32();
  if (reader.u32() !== check) throw reader.refusal('is damaged: its two check numbers differ');
  const type = reader.string().toString('latin1');
  if (type !== 'ssh-ed25519')
    throw refuse(`the private key is of the type ${quoteText(type)}, expected ssh-ed25519`);
  const point = reader.string();
  const halves = reader.string();
  const comment = reader.string().toString('utf8');
  if (bytes.length % BLOCK_BYTES !== 0) throw reader.refusal('is damaged: it is not whole blocks');
  for (let next = 1; next < BLOCK_BYTES && reader.left > 0; next++) {
    if (reader.u8() !== next) throw reader.refusal('is damaged: its padding is none');
  }
  reader.end();
  const seed = halves.subarray(0, 32);
  const isWhole = point.length === 32 && halves.length === 64 && halves.subarray(32).equals(point);
  if (!isWhole || !publicBlob.equals(wireStrings(type, point)))
    throw reader.refusal('is damaged: its parts do not agree');
  return makeKey(seed, point, comment);
}

/** Makes the key, and refuses a seed of another public half, as which Node before 24 would sign all the same. */
function makeKey(seed: Buffer, point: Buffer, comment: string): Ed25519PrivateKey {
  try {
    const key = ed25519Key(seed, point, comment);
    const { x } = createPublicKey(key.signer).export({ format: 'jwk' });
    if (x === point.toString('base64url')) return key;
  } catch (cause) {
    const isOther = !(cause instanceof Error && 'code' in cause && cause.code === 'ERR_CRYPTO_INVALID_JWK');
    if (isOther) throw cause;
  }
  throw refuse('the private key is damaged: its halves do not belong together');
}

function refuse(message: string): SignatureError {
  return new SignatureError('bad-private-key', message, {
    fix: 'make a key with ssh-keygen -t ed25519, or sign through ssh-keygen, which takes any key',
  });
}
