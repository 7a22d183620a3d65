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
  return files.flatMap((file): WitnessView[] => {
    if (file.content.kind === 'signature') {
      const path = file.path.replace(/\.(?:sig|asc)$/, '');
      const signed = path === file.path ? undefined : fileAt(files, path);
      const says = signed === undefined ? 'over a file that is not named after it' : `beside ${signed.path}`;
      return [
        {
          source: file,
          kind: 'signature',
          state: 'unknown',
          word: 'not verified',
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
  });
}

function reviewView(file: DocumentFile): WitnessView {
  const decision = lineOf(file, 'decision') ?? 'unknown';
  const isReject = decision === 'reject';
  return {
    source: file,
    kind: 'review',
    state: isReject ? 'bad' : 'unknown',
    word: isReject ? 'rejects' : decision === 'approve' ? 'approves, not verified' : 'unknown',
    who: lineOf(file, 'reviewer') ?? 'unknown reviewer',
    says: lineOf(file, 'reason') ?? 'no reason is given',
    details: [
      { name: 'At', text: lineOf(file, 'reviewed_at') },
      { name: 'Of the manifest', sha256: digestOf(file, 'artifact_manifest_sha256') },
    ],
  };
}

function transcriptView(files: readonly EvidenceFile[], file: DocumentFile): WitnessView {
  const log = findNamed(files, lineOf(file, 'log_path'), file.folder);
  const isOther = log !== undefined && log.sha256 !== digestOf(file, 'log_sha256');
  const outcome = lineOf(file, 'outcome') ?? 'unknown';
  const machine = [lineOf(file, 'machine_vendor'), lineOf(file, 'machine_model')].filter(Boolean).join(' ');
  return {
    source: file,
    kind: 'transcript',
    state: isOther || outcome === 'failed' ? 'bad' : 'unknown',
    word: isOther ? 'its log is another' : outcome === 'failed' ? 'failed' : 'not verified',
    who: lineOf(file, 'operator') ?? 'unknown person',
    says: `${lineOf(file, 'transcript_kind') ?? 'unknown'}, ${outcome}${machine === '' ? '' : `, on ${machine}`}`,
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
