// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import {
  MAX_SIGNATURE_BYTES,
  NAMESPACES,
  type RecordSignature,
  readRecordSignature,
  SignatureError,
  type SignerPolicy,
  signaturePath,
} from '@latticra/signature';
import type { BootCaseError } from '../error.js';
import type { RecordFiles } from './files.js';
import type { RecordedFile } from './record.js';

/** The signature of a record: its file, and what it is. */
export interface SignedBy extends RecordSignature, RecordedFile {}

/**
 * Reads the signature that lies beside a record, and refuses one that is not of it, or not for a boot.
 * @param name of the record
 * @param record its bytes
 * @param signers whose signatures count; there has to be one then
 * @returns undefined where there is none
 * @throws what `bad` makes; HeldFileError
 */
export function readSignatureOf(
  files: RecordFiles,
  name: string,
  record: Uint8Array,
  signers: SignerPolicy | undefined,
  bad: (message: string, cause?: unknown) => BootCaseError,
): SignedBy | undefined {
  const beside = signaturePath(name);
  if (!files.has(beside)) {
    if (signers === undefined) return undefined;
    throw bad('has no signature beside it, and is to be signed by somebody who counts');
  }
  try {
    const bytes = files.read(beside, MAX_SIGNATURE_BYTES);
    const read = readRecordSignature(bytes, record, NAMESPACES.boot, signers);
    return { ...read, name: beside, sha256: hash('sha256', bytes) };
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    throw bad(`its signature: ${cause.message}`, cause);
  }
}
