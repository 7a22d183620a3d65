// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { HeldFileError, readStableFile } from '@latticra/held-files';
import { authorise, type VerifiedSignature } from './authorise.js';
import { signaturePath } from './beside.js';
import { SignatureError } from './error.js';
import type { Namespace } from './namespace.js';
import { MAX_SIGNATURE_BYTES, parseSignature, type SshSignature } from './parse/signature.js';
import type { SignerPolicy } from './signers/policy.js';
import { verifySignature } from './verify.js';

/** A signature that is one of a record, by the key in it. */
export interface RecordSignature {
  readonly signature: SshSignature;
  /** Whose it is; undefined where nobody said whose signatures count. */
  readonly signer: VerifiedSignature | undefined;
}

/**
 * Reads the signature of a record, and refuses one that is of anything else.
 * @param file the signature's file
 * @param record the bytes that it has to be of
 * @param policy whose signatures count
 * @throws SignatureError of every code about files of signatures, and about who signed what
 */
export function readRecordSignature(
  file: Uint8Array,
  record: Uint8Array,
  namespace: Namespace,
  policy?: SignerPolicy,
): RecordSignature {
  const signature = parseSignature(file);
  const digest = hash(signature.hash, record, 'buffer');
  if (policy !== undefined) return { signature, signer: authorise(signature, digest, namespace, policy) };
  verifySignature(signature, digest);
  if (signature.namespace === namespace) return { signature, signer: undefined };
  throw new SignatureError('other-namespace', `a signature for another purpose than ${namespace}`, {
    fix: `sign again, with ssh-keygen -Y sign -n ${namespace}`,
  });
}

/** A record whose signature is looked for. */
export interface RecordBeside {
  readonly path: string;
  readonly maxBytes: number;
  /** What it was when it was read: 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Reads the signature that lies beside a record as `<record>.sig`.
 * @returns undefined where there is none, and nobody said whose signatures count
 * @throws SignatureError as {@link readRecordSignature}, and `unsigned`; HeldFileError, `changed` for a record that is another now
 */
export async function checkRecordSignature(
  { path, maxBytes, sha256 }: RecordBeside,
  namespace: Namespace,
  policy?: SignerPolicy,
): Promise<RecordSignature | undefined> {
  const beside = signaturePath(path);
  const file = await readStableFile(beside, { maxBytes: MAX_SIGNATURE_BYTES }).catch((error: unknown) => {
    if (error instanceof HeldFileError && error.code === 'not-found') return undefined;
    throw error;
  });
  if (file === undefined) {
    if (policy === undefined) return undefined;
    throw unsigned(path);
  }
  const record = await readStableFile(path, { maxBytes });
  if (record.sha256 !== sha256) {
    throw new HeldFileError('changed', path, 'is another file than was read before', {
      fix: 'let whatever writes it finish, then run this again',
    });
  }
  return named(beside, () => readRecordSignature(file.bytes, record.bytes, namespace, policy));
}

/** Makes the error about a record without a signature, where one has to be. */
export function unsigned(path: string): SignatureError {
  return new SignatureError('unsigned', `${path}: has no signature beside it`, {
    fix: `sign it, as ${signaturePath(path)}, or leave --allowed-signers out`,
  });
}

/** Puts the file of a signature before what is refused in it. */
function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    const { code, message, fix } = cause;
    throw new SignatureError(code, `${path}: ${message}`, { cause, ...(fix !== undefined && { fix }) });
  }
}
