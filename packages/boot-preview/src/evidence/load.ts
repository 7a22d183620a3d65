// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { type BootPreviewErrorCode, refusal } from '../error.js';
import type { DocumentPlace, HeldPlace } from '../files/inside.js';
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
 * Reads and parses the evidence record at `path`.
 * @throws BootPreviewError `marked-ready`, `record`; HeldFileError when it cannot be read
 */
export async function loadEvidence(path: string, cwd: string): Promise<LoadedEvidence> {
  const absolute = resolve(cwd, path);
  const { bytes, sha256 } = await readStableFile(absolute, { maxBytes: MAX_DOCUMENT_BYTES });
  try {
    return { path, folder: dirname(absolute), sha256, evidence: bootEvidence.parse(bytes) };
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    const code: BootPreviewErrorCode = SAYS_MORE.includes(cause.code) ? 'marked-ready' : 'record';
    throw refusal(code, path, cause.key ?? 'document', cause.message, {
      cause,
      fix: 'use the record as the capture wrote it; no record can say more than was seen',
    });
  }
}
