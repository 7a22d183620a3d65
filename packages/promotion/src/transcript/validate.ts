// SPDX-License-Identifier: Apache-2.0
import { createHash, hash } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import { MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { HeldFileError } from '@latticra/held-files';
import { type AnchoredFolder, openAnchor } from '@latticra/held-files/anchor';
import {
  authorise,
  MAX_SIGNATURE_BYTES,
  NAMESPACES,
  parseSignature,
  type SignerPolicy,
  signaturePath,
  type VerifiedSignature,
} from '@latticra/signature';
import { PromotionError } from '../error.js';
import { AS_IT_WAS, aheadOf, checkTranscript } from './check.js';
import { MAX_LOG_BYTES, parseTranscript } from './read.js';
import type { Transcript } from './schema.js';

/** How far the signature beside a transcript was looked at, and whose it is. */
export type TranscriptSignature =
  | { readonly status: 'none' | 'present-unverified'; readonly by: undefined }
  | { readonly status: 'verified'; readonly by: VerifiedSignature };

/** A transcript that agrees with its log. */
export interface ValidatedTranscript {
  /** As it was given. */
  readonly path: string;
  /** Of the transcript itself: 64 hexadecimal digits. */
  readonly sha256: string;
  readonly transcript: Transcript;
  /** Whether its log says by itself when it was made. */
  readonly isTimed: boolean;
  readonly signature: TranscriptSignature;
}

/**
 * Reads a transcript and the log beside it, and holds one against the other. Neither may be a link, and the log lies in the folder
 * of the transcript.
 * @param path of the transcript, as it was given
 * @param policy whose signatures count: where there is one, the transcript has to be signed by its operator
 * @throws HeldFileError for a transcript that is missing; PromotionError `bad-transcript`, `log-differs`, `not-signed`;
 *   SignatureError
 */
export function validateTranscript(path: string, cwd: string, policy?: SignerPolicy): ValidatedTranscript {
  const absolute = resolve(cwd, path);
  const folder = openAnchor(dirname(absolute));
  try {
    const bytes = bytesIn(folder, basename(absolute), MAX_DOCUMENT_BYTES);
    const found = parseTranscript(path, bytes);
    const { isTimed } = checkTranscript(path, found, readRecordedLog(path, found, folder));
    const ahead = policy && aheadOf(found, policy.at);
    if (ahead !== undefined)
      throw new PromotionError('bad-transcript', `${path}: ${ahead}`, { fix: AS_IT_WAS });
    const signature = checkSignature(path, { folder, name: basename(absolute), bytes, found, policy });
    return { path, sha256: hash('sha256', bytes), transcript: found, isTimed, signature };
  } finally {
    folder.close();
  }
}

/** A transcript that was read, and what its signature is held to. */
interface Signable {
  readonly folder: AnchoredFolder;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly found: Transcript;
  readonly policy: SignerPolicy | undefined;
}

function checkSignature(path: string, { folder, name, bytes, found, policy }: Signable): TranscriptSignature {
  const beside = signaturePath(name);
  if (folder.lstat(beside) === undefined) {
    if (policy === undefined) return { status: 'none', by: undefined };
    throw new PromotionError('not-signed', `${path}: ${beside} is not beside it`, {
      fix: `sign it with latticra-os-image-sign --artifact ${path} --namespace ${NAMESPACES.transcript}`,
    });
  }
  const signature = parseSignature(bytesIn(folder, beside, MAX_SIGNATURE_BYTES));
  if (policy === undefined) return { status: 'present-unverified', by: undefined };
  const digest = createHash(signature.hash).update(bytes).digest();
  const by = authorise(signature, digest, NAMESPACES.transcript, policy);
  if (by.principal === found.operator) return { status: 'verified', by };
  throw new PromotionError(
    'not-signed',
    `${path}: is signed by ${by.principal}, but its operator is ${found.operator}`,
    {
      fix: 'let the operator sign it, who did the work',
    },
  );
}

function readRecordedLog(path: string, { log }: Transcript, folder: AnchoredFolder): Uint8Array {
  try {
    const bytes = bytesIn(folder, log.path, MAX_LOG_BYTES);
    assertLog(path, log, { size: bytes.length, sha256: hash('sha256', bytes) });
    return bytes;
  } catch (cause) {
    // Whoever names it has lost it: that is no input that somebody forgot to name.
    if (!(cause instanceof HeldFileError && cause.code === 'not-found')) throw cause;
    throw missingLog(path, log.path, cause);
  }
}

/** Returns the reason for a transcript whose log is not beside it. */
export function missingLog(path: string, log: string, cause?: unknown): PromotionError {
  return new PromotionError('log-differs', `${path}: its log ${log} is not beside it`, {
    cause,
    fix: 'put the log into the folder of the transcript, under the name that it has there',
  });
}

/** Refuses a log that is another one than the transcript names. @throws PromotionError `log-differs` */
export function assertLog(
  path: string,
  { path: name, size, sha256 }: Transcript['log'],
  found: { readonly size: number; readonly sha256: string },
): void {
  if (found.sha256 === sha256 && found.size === size) return;
  throw new PromotionError(
    'log-differs',
    `${path}: its log ${name} has ${found.size} bytes with the digest ${found.sha256}, expected ${size} with ${sha256}`,
    { fix: 'put the log there that the transcript was made from' },
  );
}

function bytesIn(folder: AnchoredFolder, name: string, maxBytes: number): Buffer {
  const file = folder.openFile(name);
  try {
    return file.bytes(maxBytes);
  } finally {
    file.close();
  }
}
