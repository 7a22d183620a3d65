// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, resolve } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { type BootPreviewErrorCode, refusal } from '../error.js';
import { type DocumentPlace, type HeldPlace, holdPlace } from '../files/inside.js';
import { sumBytes } from '../files/sum.js';
import { type BootEvidence, bootEvidence } from './schema.js';

/** A record that was read, and where it lies. */
export interface LoadedEvidence extends DocumentPlace {
  /** 64 hexadecimal digits of the very bytes that were parsed. */
  readonly sha256: string;
  readonly evidence: BootEvidence;
}

/** A record whose folder is held. */
export type HeldEvidence = Omit<LoadedEvidence, 'folder'> & HeldPlace;

/** The faults with which a record says more than was recorded: a claim, a further field or section. */
const SAYS_MORE: readonly string[] = ['forbidden-claim', 'unexpected'];

/**
 * Holds the folder of the evidence record at `path` while `use` runs, and reads and parses the record in it: what `use` looks at
 * lies beside the record that was read, whatever takes the folder's place meanwhile. A record that is a link, or has a second name,
 * is refused, as the files beside it are.
 * @throws BootPreviewError `marked-ready`, `record`; HeldFileError when it cannot be read
 */
export function holdEvidence<T>(
  path: string,
  cwd: string,
  use: (record: HeldEvidence) => Promise<T>,
): Promise<T> {
  const absolute = resolve(cwd, path);
  return holdPlace({ path, folder: dirname(absolute) }, (place) => {
    const file = place.folder.openFile(basename(absolute));
    let bytes: Uint8Array;
    try {
      bytes = file.bytes(MAX_DOCUMENT_BYTES);
    } finally {
      file.close();
    }
    return use({ ...place, sha256: sumBytes(bytes), evidence: parse(path, bytes) });
  });
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
