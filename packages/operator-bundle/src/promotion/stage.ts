// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import { fileBelow } from '@latticra/held-files/anchor';
import type { ArtifactManifest } from '@latticra/manifest';
import { FIELD_NAMES } from '@latticra/promotion';
import { compareBytes } from '../byte-order.js';
import { OperatorBundleError } from '../error.js';
import type { Staging } from '../staging.js';
import { deriveEvaluation, type EvaluatingOptions } from './derive.js';
import { bad, type PromotionFolder, readPromotionFolder } from './folder.js';
import { assertOfBundle, carriedEntries } from './gather.js';
import { layOut } from './layout.js';
import { type PromotionEntry, promotionListing } from './listing.js';
import { inBundle, LISTING_PATH, PROMOTION_FILE } from './names.js';

/** A promotion folder that was derived again, and what a bundle takes of it. */
export interface PromotionToStage {
  readonly folder: PromotionFolder;
  readonly entries: readonly PromotionEntry[];
}

/** What the documents of a bundle say of what it was promoted by. */
export interface CarriedPromotion {
  /** Of the list of all files: 64 hexadecimal digits. */
  readonly listingSha256: string;
  /** How many fields the evaluation has, and how many hold. */
  readonly held: number;
  readonly total: number;
  /** The time at which the keys were valid. */
  readonly verifyTime: string;
  /** The folder of the reviews in the promotion folder, where every field needs one. */
  readonly reviews: string | undefined;
  readonly hasAllowedSigners: boolean;
  readonly hasRevokedKeys: boolean;
  readonly hasPins: boolean;
}

/**
 * Derives the evaluation of a promotion folder again, before anything is copied, and finds out what a bundle takes of the folder.
 * @param root absolute
 * @param manifest of the release that is bundled
 * @throws OperatorBundleError `bad-promotion`, `evaluation-differs`; whatever deriving throws
 */
export async function takePromotion(
  root: string,
  shown: string,
  manifest: ArtifactManifest,
  options: EvaluatingOptions,
): Promise<PromotionToStage> {
  const folder = readPromotionFolder(root, shown);
  const { found, differs } = await deriveEvaluation(folder, undefined, options);
  if (differs !== undefined) {
    throw new OperatorBundleError(
      'evaluation-differs',
      `${shown}/${folder.evaluation.path}: is not what the evidence gives: ${differs}`,
      { fix: 'evaluate the evidence again, where no repository is at hand: --repository <an empty folder>' },
    );
  }
  const entries = carriedEntries(folder, found);
  assertOfBundle(folder, manifest, entries);
  return { folder, entries };
}

/** Returns the names in a bundle of all files of a promotion folder, of those too that lie elsewhere in it. */
export function stagedNames({ entries }: PromotionToStage): string[] {
  return [LISTING_PATH, ...entries.map(({ path }) => inBundle(path)).sort(compareBytes)];
}

/**
 * Copies what a bundle takes of a promotion folder, each file as it was looked at, and writes the list of it.
 * @param artifacts names in the bundle by digests
 */
export async function stagePromotion(
  staging: Staging,
  { folder, entries }: PromotionToStage,
  artifacts: ReadonlyMap<string, string>,
): Promise<CarriedPromotion> {
  const layout = layOut(entries, artifacts);
  const names = namesInSource(folder);
  for (const { path, sha256 } of layout.carried) {
    const from = fileBelow(folder.root, names.get(path) ?? path);
    const copied = await staging.copyBelow(from, inBundle(path));
    if (copied.sha256 === sha256) continue;
    throw bad(`${folder.shown}/${path}: changed while it was copied, to ${formatDigest(copied.sha256)}`);
  }
  const text = promotionListing.format({ carried: layout.carried, lent: layout.lent });
  await staging.write(LISTING_PATH, text);
  return carriedPromotion(folder, staging.digestOf(LISTING_PATH));
}

/** Returns what documents say of a promotion folder. @param listingSha256 of the list of its files */
export function carriedPromotion(folder: PromotionFolder, listingSha256: string): CarriedPromotion {
  const { says } = folder.evaluation;
  return {
    listingSha256,
    held: FIELD_NAMES.filter((name) => says.fields[name].isSatisfied).length,
    total: FIELD_NAMES.length,
    verifyTime: says.verifyTime,
    reviews: !says.reviewsRequired ? undefined : folder.hasReviews ? 'reviews' : 'evidence/reviews',
    hasAllowedSigners: folder.allowedSigners !== undefined,
    hasRevokedKeys: folder.revokedKeys !== undefined,
    hasPins: folder.pins !== undefined,
  };
}

/** Returns the names in the folder of the files that a bundle names for what they are. */
function namesInSource(folder: PromotionFolder): ReadonlyMap<string, string> {
  return new Map(
    (['evaluation', 'allowedSigners', 'revokedKeys', 'pins'] as const).flatMap((part) => {
      const file = folder[part];
      return file === undefined ? [] : [[PROMOTION_FILE[part], file.path] as const];
    }),
  );
}
