// SPDX-License-Identifier: Apache-2.0
import { lstat } from 'node:fs/promises';
import { errnoOf } from '@latticra/failure';
import { readFailure, readStableFile, writeFileAtomic } from '@latticra/held-files';
import { SignatureError } from './error.js';
import { MAX_SIGNATURE_BYTES, parseSignature } from './parse/signature.js';
import { type SignedFile, type SignFileOptions, type SignFileRequest, signFile } from './sign-file.js';
import { verifySignature } from './verify.js';

/** Returns the path of the signature that belongs to the file at `path`. */
export function signaturePath(path: string): string {
  return `${path}.sig`;
}

/**
 * Signs a file as {@link signFile} does, and writes the signature beside it, whole or not at all. A signature that is there
 * already is neither kept in its place nor replaced.
 * @returns what was signed, and where the signature lies
 * @throws SignatureError `signature-exists`; as {@link signFile}; HeldFileError for a folder that takes no file
 */
export async function signBeside(
  { file, ...request }: SignFileRequest & { readonly file: string },
  options: SignFileOptions,
): Promise<SignedFile & { readonly path: string }> {
  const path = signaturePath(file);
  const signed = await signFile(
    { file, ...request },
    {
      ...options,
      async look(held, measurement) {
        await options.look?.(held, measurement);
        await assertUnsigned(path, measurement.sha256);
      },
    },
  );
  await writeFileAtomic(path, signed.armour, { isNew: true });
  return { ...signed, path };
}

/**
 * Refuses where a signature lies already, and tells whether it is one of the file.
 * @param sha256 of the file that it would belong to, as hexadecimal digits
 * @throws SignatureError `signature-exists`
 */
export async function assertUnsigned(path: string, sha256: string): Promise<void> {
  try {
    await lstat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw readFailure(path, error);
  }
  throw new SignatureError('signature-exists', `${path}: exists already, ${await describe(path, sha256)}`, {
    fix: 'keep it, or move it away and run this again',
  });
}

async function describe(path: string, sha256: string): Promise<string> {
  try {
    const { bytes } = await readStableFile(path, { maxBytes: MAX_SIGNATURE_BYTES });
    const signature = parseSignature(bytes);
    const made = `for ${signature.namespace} by the key ${signature.key.fingerprint}`;
    if (signature.hash !== 'sha256') return `and was made ${made}`;
    try {
      verifySignature(signature, Buffer.from(sha256, 'hex'));
      return `and is a signature of this file ${made}`;
    } catch {
      return `and is no signature of this file, though made ${made}`;
    }
  } catch {
    return 'and is no signature that could be read';
  }
}
