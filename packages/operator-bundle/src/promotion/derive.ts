// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { loadPins } from '@latticra/attestation';
import { type EvidenceDocument, formatDocument, parseDocument } from '@latticra/evidence-format';
import { fileBelow, type LentFiles } from '@latticra/held-files/anchor';
import {
  type EvaluateOptions,
  type Evaluation,
  evaluatePromotion,
  evaluationDocument,
} from '@latticra/promotion';
import { loadSigners, parseVerifyTime } from '@latticra/signature';
import type { PromotionFolder } from './folder.js';
import { PROMOTION_PART } from './names.js';

/** What an evaluation is given of the machine that it runs on. */
export type EvaluatingOptions = Required<Pick<EvaluateOptions, 'env' | 'tracker' | 'signal'>>;

/** Returns what an evaluation is given of the machine; nothing is shown of its progress unless asked for. */
export function evaluatingOf({
  env = process.env,
  tracker = { track: (_, work) => work(() => undefined) },
  signal = new AbortController().signal,
}: Partial<EvaluatingOptions>): EvaluatingOptions {
  return { env, tracker, signal };
}

/** An evaluation as the evidence gives it now, and the first thing that the document that lies there says otherwise. */
export interface DerivedEvaluation {
  readonly found: Evaluation;
  /** Undefined where both are the same, byte for byte. */
  readonly differs: string | undefined;
}

/**
 * Derives an evaluation again from what it says that it was derived from, by the lists that lie with it, at its time, and without a repository:
 * as it is derived on any other machine.
 * @param lent files of the evidence that lie elsewhere
 * @throws SignatureError, AttestationError for its lists; PromotionError; HeldFileError
 */
export async function deriveEvaluation(
  folder: PromotionFolder,
  lent: LentFiles | undefined,
  options: EvaluatingOptions,
): Promise<DerivedEvaluation> {
  const { root, evaluation, allowedSigners, revokedKeys, pins, hasReviews } = folder;
  const { says } = evaluation;
  const at = parseVerifyTime(says.verifyTime);
  const place = (file: { readonly path: string }) => fileBelow(root, file.path);
  const policy =
    allowedSigners &&
    (await loadSigners({
      allowedSigners: place(allowedSigners),
      revokedKeys: revokedKeys && place(revokedKeys),
      at,
    }));
  const pinned = pins && (await loadPins(place(pins)));
  const evidenceDir = join(root, PROMOTION_PART.evidence);
  const given: EvaluateOptions = {
    ...options,
    evidenceDir,
    reviewsDir: says.reviewsRequired ? reviewsIn(root, evidenceDir, hasReviews) : undefined,
    artifactManifest: says.manifest.path,
    policy,
    pins: pinned?.pins,
    pinsSha256: pinned?.sha256,
    allowedSignersSha256: policy?.allowedList.sha256,
    revokedKeysSha256: policy?.revokedList?.sha256,
    at,
    lent,
    // The answer is that of a machine without the repository.
    checkTag: async () => 'unknown',
  };
  const found = await evaluatePromotion(given);
  const text = formatDocument(evaluationDocument(found, given));
  const isSame = Buffer.from(text).equals(evaluation.bytes);
  return { found, differs: isSame ? undefined : firstDifference(parseDocument(evaluation.bytes), text) };
}

/** Returns where the reviews lie: in a folder of their own, or in one of the evidence. */
function reviewsIn(root: string, evidenceDir: string, hasOwn: boolean): string {
  return hasOwn ? join(root, PROMOTION_PART.reviews) : join(evidenceDir, PROMOTION_PART.reviews);
}

/** Says in which line two evaluations differ first; one that names what is refused tells most. */
function firstDifference(carried: EvidenceDocument, text: string): string {
  const linesOf = ({ fields, sections }: EvidenceDocument) =>
    new Map(
      [{ name: '', fields }, ...sections].flatMap(({ name, fields: lines }) =>
        lines.map(({ key, value }) => [name === '' ? key : `[${name}] ${key}`, value] as const),
      ),
    );
  const [said, shown] = [linesOf(carried), linesOf(parseDocument(Buffer.from(text)))];
  const differing = [...new Set([...said.keys(), ...shown.keys()])].filter(
    (key) => said.get(key) !== shown.get(key),
  );
  const telling = differing.find((key) => key.startsWith('[refused] ') && shown.has(key));
  const [first = 'its form'] = differing;
  const of = (key: string) =>
    `${key} is ${quoted(said.get(key))}, and the evidence gives ${quoted(shown.get(key))}`;
  return telling === undefined || telling === first ? of(first) : `${of(first)} (${shown.get(telling)})`;
}

const quoted = (value: string | undefined) => (value === undefined ? 'not there' : JSON.stringify(value));
