// SPDX-License-Identifier: Apache-2.0
import { fileSource } from '@latticra/disk-image';
import { type Inspection, inspect, nameOf } from '@latticra/disk-image/inspect';
import {
  EvidenceError,
  isClaimKey,
  MAX_DOCUMENT_BYTES,
  parseChecksums,
  parseDocument,
} from '@latticra/evidence-format';
import { readFailure } from '@latticra/held-files';
import type { AnchoredFile } from '@latticra/held-files/anchor';
import { checkSbom, MAX_SBOM_BYTES } from '@latticra/sbom/check';
import { EvidenceReportError } from '../error.js';
import { PNG_SIGNATURE } from '../png/picture.js';
import type { Content, ImageForm } from './content.js';

/** The kinds of files that hold a system. */
const FORMS: Readonly<Partial<Record<Inspection['kind'], ImageForm>>> = {
  iso9660: 'iso',
  qcow2: 'qcow2',
  disk: 'raw',
};

/** A title, as every document has one: words in capitals. Or a line of any text, with a line `key=value` behind it. */
const TITLE = /^[A-Z][A-Z0-9]*(?: [A-Z0-9-]+)+\r?$/;
const FIELD = /^\s*[a-z0-9][a-z0-9_.-]*=/;
/** The lines behind a title among which one has to be a field: the title of a text for people has none there. */
const FEW = 10;

function looksLikeDocument(text: string): boolean {
  const [title = '', ...lines] = text.split('\n', FEW + 1);
  return FIELD.test(lines[0] ?? '') || (TITLE.test(title) && lines.some((line) => FIELD.test(line)));
}

const CHECKSUM = /^[0-9a-f]{64} {2}/;

/**
 * Finds what a file is, by what is in it. The name decides nothing.
 * @param head the first bytes of the file
 * @param take is told how many bytes of text are kept before they are read
 * @throws EvidenceReportError `claim` for a document that claims anything; HeldFileError
 */
export function classify(file: AnchoredFile, head: Uint8Array, take: (bytes: number) => void): Content {
  const read = (maxBytes: number) => {
    take(file.size);
    return file.bytes(maxBytes);
  };
  const begin = Buffer.from(head);
  if (begin.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return { kind: 'picture' };
  const text = begin.toString('utf8');
  if (looksLikeDocument(text)) {
    if (file.size > MAX_DOCUMENT_BYTES) return { kind: 'broken', reason: `is larger than a document may be` };
    return readDocument(file.path, read(MAX_DOCUMENT_BYTES));
  }
  if (CHECKSUM.test(text) && file.size <= MAX_DOCUMENT_BYTES) return readChecksums(read(MAX_DOCUMENT_BYTES));
  const inspection = lookInto(file);
  const form = FORMS[inspection.kind];
  if (form !== undefined) return { kind: 'image', form, inspection };
  if (inspection.kind === 'spdx-json' && file.size <= MAX_SBOM_BYTES)
    return { kind: 'sbom', check: checkSbom(read(MAX_SBOM_BYTES)) };
  if (inspection.kind === 'signature') return { kind: 'signature' };
  return { kind: 'other', what: nameOf(inspection) };
}

/** Looks into a file. @throws HeldFileError `io` where it cannot be read, `changed` */
function lookInto(file: AnchoredFile): Inspection {
  const { path, fd, size } = file;
  const inspection = inspect(fileSource(fd, size, (cause) => readFailure(path, cause)));
  file.assertUnchanged();
  return inspection;
}

function readDocument(path: string, bytes: Buffer): Content {
  try {
    return { kind: 'document', document: parseDocument(bytes) };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    const claim = error.code === 'forbidden-claim' ? error.message : claimIn(bytes.toString('utf8'));
    if (claim === undefined) {
      // Without a title in capitals it is some program's settings, and nothing that was to be a document.
      const [title = ''] = bytes.toString('utf8').split('\n', 1);
      return TITLE.test(title) ? { kind: 'broken', reason: error.message } : { kind: 'other', what: 'text' };
    }
    throw new EvidenceReportError('claim', `${path}: ${claim}`, {
      cause: error,
      fix: 'find out who wrote this file: no tool of Latticra claims anything',
    });
  }
}

/** Finds a claim in what is no document for another reason: a damaged line must not hide one. */
function claimIn(text: string): string | undefined {
  for (const line of text.split(/[\r\n\0]+/)) {
    const [, key = '', value = ''] = /^\s*([a-z0-9_]+)\s*=(.*)$/.exec(line) ?? [];
    if (isClaimKey(key) && value.trim() !== '0')
      return `claims ${key}=${value.trim().slice(0, 20)}, expected 0`;
  }
  return undefined;
}

function readChecksums(bytes: Buffer): Content {
  try {
    return { kind: 'checksums', entries: parseChecksums(bytes.toString('utf8')) };
  } catch (error) {
    if (error instanceof EvidenceError) return { kind: 'broken', reason: error.message };
    throw error;
  }
}
