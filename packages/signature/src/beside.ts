// SPDX-License-Identifier: Apache-2.0
import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { errnoOf } from '@latticra/failure';
import {
  type Measurement,
  measureAndUse,
  readFailure,
  readStableFile,
  writeFileAtomic,
} from '@latticra/held-files';
import { SignatureError } from './error.js';
import { MAX_SIGNATURE_BYTES, parseSignature } from './parse/signature.js';
import { type SignedFile, type SignFileOptions, type SignFileRequest, signFile } from './sign-file.js';
import { type UnsignedLocal, unsignedLocal, unsignedLocalPath } from './unsigned.js';
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
        await assertUndecided(file, measurement);
      },
    },
  );
  await writeFileAtomic(path, signed.armour, { isNew: true });
  return { ...signed, path };
}

/**
 * Declares that a file is handed over unsigned, in a document beside it.
 * @param file its path
 * @param reason why it is: one line
 * @returns what is declared, and where that lies
 * @throws SignatureError `signature-exists`; EvidenceError for a name or a reason that is no line; HeldFileError
 */
export async function declareUnsigned(
  file: string,
  reason: string,
  { onBytes, look }: Pick<SignFileOptions, 'onBytes' | 'look'> = {},
): Promise<{ readonly declared: UnsignedLocal; readonly measurement: Measurement; readonly path: string }> {
  const path = unsignedLocalPath(file);
  return measureAndUse(
    file,
    async (held, measurement) => {
      await look?.(held, measurement);
      await assertUndecided(file, measurement);
      const declared = { artifactName: basename(file), sha256: measurement.sha256, reason };
      await writeFileAtomic(path, unsignedLocal.format(declared), { isNew: true });
      return { declared, measurement, path };
    },
    onBytes === undefined ? {} : { onBytes },
  );
}

/**
 * Refuses a file beside which a signature lies already, and tells whether it is one of the file; or the declaration that
 * there is none: both at once would contradict each other.
 */
async function assertUndecided(file: string, { sha256 }: Measurement): Promise<void> {
  const signature = signaturePath(file);
  if (await isThere(signature)) throw exists(signature, await describe(signature, sha256));
  const declaration = unsignedLocalPath(file);
  if (await isThere(declaration)) throw exists(declaration, 'and declares the file unsigned');
}

function exists(path: string, what: string): SignatureError {
  return new SignatureError('signature-exists', `${path}: exists already, ${what}`, {
    fix: 'keep it, or move it away and run this again',
  });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw readFailure(path, error);
  }
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
