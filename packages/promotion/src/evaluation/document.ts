// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { type Content, isOf, type Piece } from '../evidence/piece.js';
import { FIELD_NAMES, type FieldName } from '../fields/names.js';
import type { Outcome } from '../fields/outcome.js';
import { formatNext } from '../next/command.js';
import { stamp } from '../transcript/check.js';
import type { Evaluation } from './evaluate.js';
import type { EvaluateOptions } from './options.js';
import { type PromotionEvaluation, promotionEvaluation } from './schema.js';

/** As many files as are listed by name; of more their number is told. */
const MOST_LISTED = 10_000;
/** As many bytes of a document as such a list fills: the two there are leave room for the rest. */
const MOST_LISTED_BYTES = MAX_DOCUMENT_BYTES * 0.4;
/** More bytes than a key takes, with the sign behind it and the end of the line. */
const KEY_BYTES = 32;
/** As many files as are named for one field. */
const MOST_CITED = 8;
/** A value longer than this might not fit into its line. */
const LONGEST = 2000;

/** Says what an evaluation came to. */
export function evaluationOf(found: Evaluation, options: EvaluateOptions): PromotionEvaluation {
  const { subject, outcomes, evidence, refused } = found;
  const [manifest] = subject?.manifests ?? [];
  const unnamed = new Set(found.unnamed);
  const unrecognized = [
    ...evidence.pieces.flatMap((piece) => {
      const what = unnamed.has(piece) ? [unnamedText(piece)] : unclearIn(piece.content);
      return what.map((each) => `${piece.path}: ${each}`);
    }),
    ...found.amongReviews.flatMap((piece) => noReview(piece).map((each) => `${piece.path}: ${each}`)),
  ];
  return {
    manifest: { path: manifest?.path, sha256: manifest?.sha256 },
    version: subject?.version,
    tag: subject === undefined || subject.tag === 'none' ? undefined : subject.tag,
    iso: subject?.iso,
    vmImage: subject?.vmImage,
    system: found.system ?? 'unknown',
    allowedSigners: options.allowedSignersSha256,
    revokedKeys: options.revokedKeysSha256,
    pins: options.pinsSha256,
    verifyTime: stamp(options.at.getTime()),
    reviewsRequired: options.reviewsDir !== undefined,
    fields: Object.fromEntries(
      FIELD_NAMES.map((name) => [
        name,
        { isSatisfied: outcomes[name].evidence !== undefined, evidence: evidenceText(outcomes[name]) },
      ]),
    ) as PromotionEvaluation['fields'],
    isReviewed: found.isReviewed,
    count: evidence.pieces.length,
    unrecognizedCount: unrecognized.length,
    refusedCount: refused.length,
    unsatisfied: FIELD_NAMES.flatMap((name) => nextOf(name, outcomes[name])),
    unrecognized: listed(unrecognized),
    refused: listed(
      refused.map(({ path, reason }) => (reason.startsWith(`${path}: `) ? reason : `${path}: ${reason}`)),
    ),
  };
}

/** Makes the document of an evaluation. */
export function evaluationDocument(found: Evaluation, options: EvaluateOptions): EvidenceDocument {
  return promotionEvaluation.document(evaluationOf(found, options));
}

const unnamedText = (piece: Piece) =>
  isOf(piece, 'text') && piece.content.isLookalike
    ? 'looks like a document of ours, and is none: the title has to stand first, in a line as it was written'
    : 'a text that no document names';

/** Says why what lies among the reviews is none. */
function noReview(piece: Piece): readonly string[] {
  if (isOf(piece, 'text')) return [unnamedText(piece)];
  if (isOf(piece, 'review') || isOf(piece, 'signature') || isOf(piece, 'companion')) return [];
  return isOf(piece, 'unrecognized')
    ? [piece.content.what]
    : ['is no review, and counts for nothing among the reviews'];
}

/** Lists what of a piece was not understood, or counts for nothing by its kind. */
function unclearIn(content: Content): readonly string[] {
  if (content.kind === 'unrecognized') return [content.what];
  return content.kind === 'attestation' ? content.attestations.others : [];
}

function evidenceText({ evidence, missing }: Outcome): string {
  if (evidence === undefined) return cut(`missing: ${missing}`);
  const cited = evidence.slice(0, MOST_CITED).map(({ path, sha256 }) => `${path} sha256:${sha256}`);
  const more = evidence.length - cited.length;
  return [...cited, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

const nextOf = (name: FieldName, { next }: Outcome) =>
  next === undefined ? [] : [cut(`${name}: ${formatNext(next)}`)];

/** Lists as many lines as there is room for: whoever fills the folder with what is nothing takes nobody's answer away. */
function listed(lines: readonly string[]): string[] {
  const shown: string[] = [];
  let room = MOST_LISTED_BYTES;
  for (const line of lines.slice(0, MOST_LISTED)) {
    const text = cut(line);
    room -= Buffer.byteLength(text) + KEY_BYTES;
    if (room < 0) break;
    shown.push(text);
  }
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

const cut = (text: string) =>
  text.length <= LONGEST ? text : `${Array.from(text).slice(0, LONGEST).join('')}…`;
