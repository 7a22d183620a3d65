// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { digestOf, lineOf } from '../read/document.js';
import { MANIFEST, meaningOf, VALIDATION } from '../read/titles.js';
import { fileAt, findNamed } from './find.js';
import type { WitnessView } from './model.js';

/**
 * Makes the signatures, reviews and transcripts of a folder. None of them is verified here: whose key it is, and whether it may sign, is
 * for the lanes with allowed signers, and a page that has not asked says `unknown`.
 */
export function gatherWitnesses(files: readonly EvidenceFile[]): WitnessView[] {
  const first = new Map<string, EvidenceFile[]>();
  for (const file of files) {
    if (file.content.kind !== 'signature' && !isDocument(file)) continue;
    const same = first.get(file.sha256) ?? [];
    same.push(file);
    first.set(file.sha256, same);
  }
  // A bundle carries again what lies in the folder: that is one signature, and one review.
  return [...first.values()].flatMap((same) => {
    const signed = same.find((file) => signedBy(files, file) !== undefined) ?? same[0];
    return signed === undefined
      ? []
      : witnessesOf(files, signed).map((view) => ({ ...view, copies: same.length - 1 }));
  });
}

/** Returns the file that a detached signature lies beside. */
function signedBy(files: readonly EvidenceFile[], { path }: EvidenceFile): EvidenceFile | undefined {
  const signed = path.replace(/\.(?:sig|asc)$/, '');
  return signed === path ? undefined : fileAt(files, signed);
}

function witnessesOf(files: readonly EvidenceFile[], file: EvidenceFile): Omit<WitnessView, 'copies'>[] {
  if (file.content.kind === 'signature') {
    const signed = signedBy(files, file);
    const says = signed === undefined ? 'what it is over does not lie beside it' : `over ${signed.name}`;
    return [
      {
        source: file,
        kind: 'signature',
        state: 'unknown',
        word: 'unverified',
        who: file.name,
        says,
        details: [],
      },
    ];
  }
  if (!isDocument(file)) return [];
  const what = meaningOf(file.content.document.title);
  if (what === 'review') return [reviewView(file)];
  return what === 'transcript' ? [transcriptView(files, file)] : [];
}

function reviewView(file: DocumentFile): Omit<WitnessView, 'copies'> {
  const decision = lineOf(file, 'decision') ?? 'unknown';
  const isReject = decision === 'reject';
  return {
    source: file,
    kind: 'review',
    state: isReject ? 'bad' : 'unknown',
    word: isReject ? 'rejects' : decision === 'approve' ? 'unverified' : 'unknown',
    who: `${lineOf(file, 'reviewer') ?? 'unknown reviewer'}${decision === 'approve' ? ' approves' : ''}`,
    says: lineOf(file, 'reason') ?? 'no reason is given',
    details: [
      { name: 'At', text: lineOf(file, 'reviewed_at') },
      { name: 'Of the manifest', sha256: digestOf(file, 'artifact_manifest_sha256') },
    ],
  };
}

function transcriptView(files: readonly EvidenceFile[], file: DocumentFile): Omit<WitnessView, 'copies'> {
  const log = findNamed(files, lineOf(file, 'log_path'), file.folder);
  const isOther = log !== undefined && log.sha256 !== digestOf(file, 'log_sha256');
  const outcome = lineOf(file, 'outcome') ?? 'unknown';
  const machine = [lineOf(file, 'machine_vendor'), lineOf(file, 'machine_model')].filter(Boolean).join(' ');
  return {
    source: file,
    kind: 'transcript',
    state: isOther || outcome === 'failed' ? 'bad' : 'unknown',
    word: isOther ? 'torn' : outcome === 'failed' ? 'failed' : 'unverified',
    who: lineOf(file, 'operator') ?? 'unknown person',
    says: `${lineOf(file, 'transcript_kind') ?? 'unknown'}, ${outcome}${machine === '' ? '' : `, on ${machine}`}${isOther ? '; the log beside it is another than it names' : ''}`,
    details: [
      { name: 'Image', sha256: digestOf(file, 'image_sha256') },
      { name: 'From', text: lineOf(file, 'started_at') },
    ],
  };
}

/** Returns what validation, or else the manifest, says of the signatures of the images. */
export function signatureStatusOf(files: readonly EvidenceFile[]): string {
  const keys: readonly (readonly [string, string])[] = [
    [VALIDATION, 'signature_status'],
    [MANIFEST, 'signature_path'],
  ];
  for (const [title, key] of keys) {
    for (const file of files) {
      if (!isDocument(file, title)) continue;
      const found = ['iso', 'vm'].flatMap((image) => lineOf(file, `${image}_${key}`) ?? []);
      if (found.length > 0) return [...new Set(found)].join(', ');
    }
  }
  return 'unknown';
}
