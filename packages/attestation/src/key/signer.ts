// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import { type FilePlace, type StableFile, withStableFile } from '@latticra/held-files';
import { type PublicKey, parseOpensshPrivateKey, SignatureError } from '@latticra/signature';
import { AttestationError, refuse } from '../error.js';
import { signByAgent } from './agent.js';
import { parseTrustedKey, publicKeyOf } from './public.js';

const MAX_KEY_BYTES = 64 * 1024;
const FIX =
  'give a private key of ed25519 without a passphrase (PKCS#8 or OpenSSH), or the .pub file of one that an agent holds';

/** A key that attestations are signed with. */
export interface AttestationSigner {
  readonly key: PublicKey;
  /** Signs what an envelope's signature is over. @throws AttestationError `no-agent`, `agent-refused` */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/**
 * Takes a key to sign attestations with: PKCS#8 in PEM, an OpenSSH key without a passphrase, or the public key of one that an
 * agent holds.
 * @param env where SSH_AUTH_SOCK is looked for
 * @throws AttestationError `bad-key`, `encrypted-key`, `exposed-key`; HeldFileError
 */
export function takeAttestationKey(
  place: FilePlace,
  env: Readonly<Record<string, string | undefined>>,
): Promise<AttestationSigner> {
  return withStableFile(place, (file) => {
    const text = read(file);
    if (!/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) {
      const key = parseTrustedKey(Buffer.from(text, 'latin1'));
      return { key, sign: (data) => signByAgent(env.SSH_AUTH_SOCK, key, data).then(checked(key, data)) };
    }
    // As ssh-keygen does it: who else could read it may have signed as well.
    if ((fstatSync(file.fd).mode & 0o077) !== 0) {
      throw refuse(
        'exposed-key',
        `${file.path}: others than its owner can read this private key`,
        `chmod 600 ${file.path}, and think about whether somebody has it`,
      );
    }
    const signer = privateKey(text);
    const key = publicKeyOf(createPublicKey(signer));
    return { key, sign: async (data) => checked(key, data)(sign(null, data, signer)) };
  });
}

function read({ path, fd, size }: StableFile): string {
  if (size > MAX_KEY_BYTES) throw refuse('bad-key', `${path}: is no key: it has ${size} bytes`, FIX);
  const bytes = Buffer.alloc(size);
  readSync(fd, bytes, 0, size, 0);
  return bytes.toString('latin1');
}

function privateKey(text: string): KeyObject {
  if (text.startsWith('-----BEGIN ENCRYPTED')) {
    throw refuse('encrypted-key', 'the private key has a passphrase', FIX);
  }
  try {
    if (text.startsWith('-----BEGIN OPENSSH'))
      return parseOpensshPrivateKey(Buffer.from(text, 'latin1')).signer;
    return createPrivateKey(text);
  } catch (cause) {
    const isOurs = cause instanceof SignatureError;
    const code = isOurs && cause.code === 'encrypted-key' ? 'encrypted-key' : 'bad-key';
    // What OpenSSL says of a private key is left out.
    throw new AttestationError(code, isOurs ? cause.message : 'the private key cannot be read', { fix: FIX });
  }
}

/** Makes sure that what came back is a signature by the key that it was asked for. */
const checked = (key: PublicKey, data: Uint8Array) => (signature: Uint8Array) => {
  if (verify(null, data, key.verifier, signature)) return signature;
  throw refuse('agent-refused', 'the signature that came back is none by this key', FIX);
};
