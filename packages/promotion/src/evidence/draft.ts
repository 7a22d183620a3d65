// SPDX-License-Identifier: Apache-2.0
import type { Pin } from '@latticra/attestation';
import { bootRecord } from '@latticra/boot-cases';
import { seedBuildRecord } from '@latticra/boot-seed';
import type { Inspection } from '@latticra/disk-image/inspect';
import { nameOf } from '@latticra/disk-image/inspect';
import { EvidenceError, parseChecksums, parseDocument } from '@latticra/evidence-format';
import type { DocumentDescription } from '@latticra/evidence-format/define';
import { buildRecord } from '@latticra/linux-release';
import { artifactManifest } from '@latticra/manifest';
import { parseSignature, unsignedLocal } from '@latticra/signature';
import { PromotionError } from '../error.js';
import { review } from '../review/schema.js';
import { transcript } from '../transcript/schema.js';
import { isAttestation, readAttestations } from './attestation.js';
import { unprovenDocument } from './elsewhere.js';
import type { Content } from './piece.js';
import type { ReadFile } from './read-file.js';
import { readSbom } from './sbom.js';

/** What a file is by itself; of a record, whether it agrees with the files beside it is still open. */
export type Draft =
  | Extract<
      Content,
      {
        kind:
          | 'artifact-manifest'
          | 'unsigned-local'
          | 'review'
          | 'sbom'
          | 'attestation'
          | 'image'
          | 'checksums'
          | 'text'
          | 'unrecognized';
      }
    >
  | { readonly kind: 'signature-file'; readonly signature: ReturnType<typeof parseSignature> }
  | { readonly kind: 'open'; readonly of: OpenKind };

/** Documents that are held against the files beside them. */
export type OpenKind = 'build-record' | 'seed-build-record' | 'boot-record' | 'transcript';

const OPEN: ReadonlyMap<string, OpenKind> = new Map([
  [buildRecord.title, 'build-record'],
  [seedBuildRecord.title, 'seed-build-record'],
  [bootRecord.title, 'boot-record'],
  [transcript.title, 'transcript'],
]);

/** The first line of every document of ours. */
const TITLE = /^(?:LATTICRA|SEABIOS GRUB BOOT PREVIEW) [A-Z][A-Z ]*$/;
/** What begins as one, and is a text for people: the runbook as a bundle carries it. */
const TEXTS: ReadonlySet<string> = new Set(['LATTICRA OPERATOR RECOVERY REFERENCE']);
/** What a person would take for one: with other blanks, letters or line ends, and lines with values. */
const LOOKALIKE = /^[\ufeff\s]*LATTICRA\s[^\n]*\n[^\n]*=/i;
/** How a list of checksums begins: as sha256sum writes it, for binary files, with a name that it escapes, and with a tag. */
const CHECKSUMS = /^(?:\\?[0-9a-f]{64} [ *]|SHA256 \()/i;
const LONGEST_TITLE = 200;
const IMAGES: ReadonlySet<string> = new Set([
  'iso9660',
  'disk',
  'qcow2',
  'uki',
  'pe',
  'linux',
  'elf',
  'cpio',
  'tar',
  'compressed',
  'file-system',
]);

/**
 * Tells what a file is by its content.
 * @param name of the file, for messages
 * @param pins which builder has which key; undefined where nobody said
 * @throws PromotionError, SignatureError, EvidenceError for one that begins as something, and is not sound
 */
export function draftOf({ bytes, inspect }: ReadFile, name: string, pins: readonly Pin[] | undefined): Draft {
  if (bytes === undefined) return byFormat(inspect());
  const head = Buffer.from(bytes.subarray(0, LONGEST_TITLE)).toString('latin1');
  if (head.startsWith('-----BEGIN SSH SIGNATURE---')) {
    return { kind: 'signature-file', signature: parseSignature(bytes) };
  }
  const [title = ''] = head.split('\n', 1);
  if (TITLE.test(title) && title.length < head.length && !isText(title, head))
    return documentOf(name, title, bytes);
  const inspection = inspect();
  if (inspection.kind === 'spdx-json') return { kind: 'sbom', sbom: readSbom(name, bytes) };
  if (inspection.kind !== 'text' && inspection.kind !== 'json') return byFormat(inspection);
  const text = Buffer.from(bytes).toString('utf8');
  if (isAttestation(text)) return { kind: 'attestation', attestations: readAttestations(name, bytes, pins) };
  return inspection.kind === 'text' ? textOf(text) : byFormat(inspection);
}

/** Returns whether a title is that of a text: an empty line follows it, as none does in a document. */
const isText = (title: string, head: string) => TEXTS.has(title) && head.startsWith(`${title}\n\n`);

function documentOf(name: string, title: string, bytes: Uint8Array): Draft {
  if (title === artifactManifest.title)
    return { kind: 'artifact-manifest', manifest: parseAs(name, bytes, artifactManifest) };
  if (title === unsignedLocal.title)
    return { kind: 'unsigned-local', declared: parseAs(name, bytes, unsignedLocal) };
  if (title === review.title) return { kind: 'review', review: parseAs(name, bytes, review, 'bad-review') };
  const of = OPEN.get(title);
  if (of !== undefined) return { kind: 'open', of };
  // Whoever wrote it: no claim in it may be anything but 0.
  parseAs(name, bytes, { parse: parseDocument });
  return { kind: 'unrecognized', what: unprovenDocument(title) };
}

/** Parses a document, and names it where it is not sound. @throws PromotionError */
export function parseAs<Value>(
  name: string,
  bytes: Uint8Array,
  { parse }: Pick<DocumentDescription<Value>, 'parse'>,
  code: 'bad-evidence' | 'bad-review' = 'bad-evidence',
): Value {
  try {
    return parse(bytes);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new PromotionError(code, `${name}: ${cause.message}`, {
      cause,
      fix: cause.fix ?? 'make the document again; evidence is not for editing',
    });
  }
}

function textOf(text: string): Draft {
  if (text.trim() === '') return { kind: 'unrecognized', what: 'a text that says nothing' };
  const plain = { kind: 'text', isLookalike: LOOKALIKE.test(text) } as const;
  if (!CHECKSUMS.test(text)) return plain;
  try {
    return { kind: 'checksums', entries: parseChecksums(text) };
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return {
      kind: 'unrecognized',
      what: `a list of checksums in another form than sha256sum writes: ${error.message}`,
    };
  }
}

function byFormat(inspection: Inspection): Draft {
  if (IMAGES.has(inspection.kind)) return { kind: 'image', inspection };
  return { kind: 'unrecognized', what: nameOf(inspection) };
}
