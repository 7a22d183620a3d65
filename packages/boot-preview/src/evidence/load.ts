// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, resolve } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import {
  MAX_SIGNATURE_BYTES,
  NAMESPACES,
  type RecordSignature,
  readRecordSignature,
  SignatureError,
  type SignerPolicy,
  signaturePath,
  unsigned,
} from '@latticra/signature';
import { type BootPreviewErrorCode, refusal } from '../error.js';
import { type DocumentPlace, type HeldPlace, holdPlace } from '../files/inside.js';
import { sumBytes } from '../files/sum.js';
import { type BootEvidence, bootEvidence } from './schema.js';

/** A record that was read, and where it lies. */
export interface LoadedEvidence extends DocumentPlace {
  /** 64 hexadecimal digits of the very bytes that were parsed. */
  readonly sha256: string;
  readonly evidence: BootEvidence;
  /** Of the record, by a machine's key; undefined where there is none. */
  readonly signature?: RecordSignature | undefined;
}

/** A record whose folder is held. */
export type HeldEvidence = Omit<LoadedEvidence, 'folder'> & HeldPlace;

/** The faults with which a record says more than was recorded: a claim, a further field or section. */
const SAYS_MORE: readonly string[] = ['forbidden-claim', 'unexpected'];

/**
 * Holds the folder of the evidence record at `path` while `use` runs, and reads and parses the record in it: what `use` looks at
 * lies beside the record that was read, whatever takes the folder's place meanwhile. A record that is a link, or has a second name,
 * is refused, as the files beside it are. A signature beside it has to be one of the record.
 * @param signers whose signatures count; there has to be one then
 * @throws BootPreviewError `marked-ready`, `record`, `signature`; HeldFileError when it cannot be read
 */
export function holdEvidence<T>(
  path: string,
  { cwd, signers }: { readonly cwd: string; readonly signers?: SignerPolicy | undefined },
  use: (record: HeldEvidence) => Promise<T>,
): Promise<T> {
  const absolute = resolve(cwd, path);
  return holdPlace({ path, folder: dirname(absolute) }, (place) => {
    const name = basename(absolute);
    const bytes = readIn(place, name, MAX_DOCUMENT_BYTES);
    const evidence = parse(path, bytes);
    const beside = signaturePath(name);
    const isSigned = place.folder.lstat(beside) !== undefined;
    const file = isSigned ? readIn(place, beside, MAX_SIGNATURE_BYTES) : undefined;
    return use({ ...place, sha256: sumBytes(bytes), evidence, signature: check(path, bytes, file, signers) });
  });
}

function readIn({ folder }: HeldPlace, name: string, maxBytes: number): Uint8Array {
  const file = folder.openFile(name);
  try {
    return file.bytes(maxBytes);
  } finally {
    file.close();
  }
}

/** Reads the signature of a record. @throws BootPreviewError `signature` */
function check(
  path: string,
  record: Uint8Array,
  file: Uint8Array | undefined,
  signers: SignerPolicy | undefined,
): RecordSignature | undefined {
  try {
    if (file !== undefined) return readRecordSignature(file, record, NAMESPACES.boot, signers);
    if (signers === undefined) return undefined;
    throw unsigned(path);
  } catch (cause) {
    if (!(cause instanceof SignatureError)) throw cause;
    throw refusal('signature', path, 'signature', cause.message, {
      cause,
      fix: cause.fix ?? 'capture the boot again, with --machine-key',
    });
  }
}

function parse(path: string, bytes: Uint8Array): BootEvidence {
  try {
    return bootEvidence.parse(bytes);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    const code: BootPreviewErrorCode = SAYS_MORE.includes(cause.code) ? 'marked-ready' : 'record';
    throw refusal(code, path, cause.key ?? 'document', cause.message, {
      cause,
      fix: 'use the record as the capture wrote it; no record can say more than was seen',
    });
  }
}
