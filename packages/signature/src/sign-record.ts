// SPDX-License-Identifier: Apache-2.0
import { fstatSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import {
  measureFile,
  type StableFile,
  withStableFile,
  writeFailure,
  writeFileAtomic,
} from '@latticra/held-files';
import { signaturePath } from './beside.js';
import { SignatureError } from './error.js';
import type { Namespace } from './namespace.js';
import { parseSignature, type SshSignature } from './parse/signature.js';
import type { Ed25519PrivateKey } from './private/key.js';
import { parseOpensshPrivateKey } from './private/parse.js';
import { signWithKey } from './sign.js';
import { signFile } from './sign-file.js';
import type { SigningOptions } from './ssh-keygen.js';
import { armourHeader } from './text/armour.js';
import { verifySignature } from './verify.js';

/** The largest key file that is looked into, in bytes. */
const MAX_KEY_BYTES = 64 * 1024;
/** Refusals of a key that ssh-keygen may take all the same: it asks for passphrases, and knows other kinds. */
const LEFT_TO_SSH_KEYGEN: readonly string[] = ['encrypted-key', 'bad-private-key'];

/** A record that was signed. */
export interface SignedRecord {
  /** Of the signature. */
  readonly path: string;
  readonly signature: SshSignature;
}

/** A key at hand, to sign records with as they are written. */
export interface RecordSigner {
  /** Of the key, where this process holds it; undefined for one that only ssh-keygen can tell. */
  readonly fingerprint: string | undefined;
  /**
   * Signs a file that was measured already, which is read again only where ssh-keygen has to sign it.
   * @param sha256 what the file has to be
   * @returns the file of the signature
   * @throws SignatureError `not-signed`, also for a file that is another now; ToolchainError, HeldFileError
   */
  signMeasured(file: string, sha256: string, namespace: Namespace): Promise<Uint8Array>;
  /**
   * Signs a record, and writes the signature beside it in place of that of an earlier record.
   * @throws SignatureError `not-signed`; ToolchainError, HeldFileError
   */
  sign(record: string, namespace: Namespace): Promise<SignedRecord>;
}

/**
 * Takes a key to sign records with, before there is any, so that a key that is missing ends nothing half-way. An ed25519 key in
 * OpenSSH's format without a passphrase is used in this process; any other goes through ssh-keygen.
 * @param key path of the private key, or of the `.pub` file of one that an agent holds
 * @throws SignatureError `bad-private-key` for a key that others can read; HeldFileError
 */
export async function takeSigningKey(key: string, options: SigningOptions): Promise<RecordSigner> {
  const own = await withStableFile(key, ownKey);
  return {
    fingerprint: own?.publicKey.fingerprint,
    async signMeasured(file, sha256, namespace) {
      if (own !== undefined) return signDigest(own, namespace, sha256).armour;
      const { armour, measurement } = await signFile({ file, key, namespace }, options);
      if (measurement.sha256 === sha256) return armour;
      throw new SignatureError('not-signed', `${file}: is another file than the one that was measured`, {
        fix: 'let whatever writes it finish, then run this again',
      });
    },
    async sign(record, namespace) {
      const path = signaturePath(record);
      if (own === undefined) {
        const { armour, signature } = await signFile({ file: record, key, namespace }, options);
        await writeFileAtomic(path, armour);
        return { path, signature };
      }
      const { sha256 } = await measureFile(record);
      const { armour, signature } = signDigest(own, namespace, sha256);
      await writeFileAtomic(path, armour);
      return { path, signature };
    },
  };
}

/** Signs what has this digest, and verifies the signature as it will be read. */
function signDigest(key: Ed25519PrivateKey, namespace: Namespace, sha256: string) {
  const digest = Buffer.from(sha256, 'hex');
  const armour = signWithKey(key, namespace, digest);
  const signature = parseSignature(armour);
  verifySignature(signature, digest);
  return { armour, signature };
}

/** Returns the key in a file that is held open; undefined for one that is left to ssh-keygen. */
function ownKey({ path, fd, size }: StableFile): Ed25519PrivateKey | undefined {
  const bytes = Buffer.alloc(Math.min(size, MAX_KEY_BYTES));
  readSync(fd, bytes, 0, bytes.length, 0);
  if (size > MAX_KEY_BYTES || !bytes.toString('latin1').startsWith(armourHeader('OPENSSH PRIVATE KEY')))
    return undefined;
  let key: Ed25519PrivateKey;
  try {
    key = parseOpensshPrivateKey(bytes);
  } catch (error) {
    if (error instanceof SignatureError && LEFT_TO_SSH_KEYGEN.includes(error.code)) return undefined;
    throw error;
  }
  // As ssh-keygen does it: who else could read it may have signed as well.
  if ((fstatSync(fd).mode & 0o077) === 0) return key;
  throw new SignatureError('bad-private-key', `${path}: others than its owner can read this private key`, {
    fix: `chmod 600 ${path}, and think about whether somebody has it`,
  });
}

/** Removes the signature beside a record that is about to be replaced: it is of no record then. @throws HeldFileError */
export async function dropSignature(record: string): Promise<void> {
  const path = signaturePath(record);
  await rm(path, { force: true }).catch((error: unknown) => {
    throw writeFailure(path, error);
  });
}
