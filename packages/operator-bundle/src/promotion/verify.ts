// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { EvidenceError, MAX_DOCUMENT_BYTES } from '@latticra/evidence-format';
import { readStableFile } from '@latticra/held-files';
import { fileBelow } from '@latticra/held-files/anchor';
import type { ArtifactManifest } from '@latticra/manifest';
import { compareBytes } from '../byte-order.js';
import { damaged, OperatorBundleError } from '../error.js';
import { deriveEvaluation, type EvaluatingOptions } from './derive.js';
import { type PromotionFolder, readPromotionFolder } from './folder.js';
import { assertOfBundle, carriedEntries } from './gather.js';
import { type Layout, layOut, lentFiles } from './layout.js';
import { type PromotionEntry, type PromotionListing, promotionListing } from './listing.js';
import { inBundle, LISTING_PATH, PROMOTION_FILE, PROMOTION_FOLDER } from './names.js';
import { type CarriedPromotion, carriedPromotion } from './stage.js';

/** What a bundle carries of its promotion, as it lies there. */
export interface ListedPromotion extends Layout {
  /** Of the list: 64 hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Reads the list of what a bundle carries of its promotion, and finds where each of the files lies.
 * @param bundle absolute
 * @param manifest as it lies in the bundle
 * @throws OperatorBundleError `damaged`; HeldFileError
 */
export async function readListing(bundle: string, manifest: ArtifactManifest): Promise<ListedPromotion> {
  const { bytes, sha256 } = await readStableFile(fileBelow(bundle, LISTING_PATH), {
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  const listing = parseListing(bytes);
  const all = [...listing.carried, ...listing.lent];
  const layout = layOut(all, artifactsOf(manifest));
  const isSame = (a: readonly PromotionEntry[], b: readonly PromotionEntry[]) =>
    a.length === b.length && a.every(({ path }, index) => path === b[index]?.path);
  const twice = new Set(all.map(({ path }) => path)).size < all.length;
  if (!twice && isSame(layout.carried, listing.carried) && isSame(layout.lent, listing.lent))
    return { ...layout, sha256 };
  throw damaged(`${LISTING_PATH}: does not list the files as a bundle has them`);
}

function parseListing(bytes: Uint8Array): PromotionListing {
  try {
    return promotionListing.parse(bytes);
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw damaged(`${LISTING_PATH}: ${cause.message}`, cause);
  }
}

/** Returns the names of a manifest's artifacts by their digests. */
export function artifactsOf({ iso, vmImage }: ArtifactManifest): ReadonlyMap<string, string> {
  // Of two that are the same bytes the ISO.
  return new Map(
    [vmImage, iso].flatMap((image) => (image === undefined ? [] : [[image.sha256, image.path]])),
  );
}

/** Returns the names in a bundle of the files of a listing that lie in its promotion folder. */
export function listedNames({ carried }: Pick<Layout, 'carried'>): string[] {
  return [LISTING_PATH, ...carried.map(({ path }) => inBundle(path))];
}

/**
 * Derives the evaluation that a bundle carries again, from the files that it carries, and has it judged; then holds what is
 * listed against what is there.
 * @param bundle absolute
 * @param judge is given the first line that differs, undefined where both are the same, byte for byte
 * @throws OperatorBundleError `damaged`; what `judge` throws
 */
export async function verifyPromotion(
  bundle: string,
  manifest: ArtifactManifest,
  listed: ListedPromotion,
  options: EvaluatingOptions,
  judge: (name: string, differs: string | undefined) => void,
): Promise<CarriedPromotion> {
  const folder = refusedAsDamaged(() => folderIn(bundle));
  const { found, differs } = await deriveEvaluation(folder, lentFiles(bundle, listed), options);
  judge(inBundle(PROMOTION_FILE.evaluation), differs);
  refusedAsDamaged(() => {
    const entries = carriedEntries(folder, found);
    assertListed(entries, [...listed.carried, ...listed.lent]);
    assertOfBundle(folder, manifest, entries);
  });
  return carriedPromotion(folder, listed.sha256);
}

function folderIn(bundle: string): PromotionFolder {
  return readPromotionFolder(
    join(bundle, PROMOTION_FOLDER),
    PROMOTION_FOLDER,
    new Set([PROMOTION_FILE.listing]),
  );
}

function assertListed(there: readonly PromotionEntry[], listed: readonly PromotionEntry[]): void {
  const key = ({ path, size, sha256 }: PromotionEntry) => `${path} ${size} ${sha256}`;
  const sorted = (entries: readonly PromotionEntry[]) => entries.map(key).sort(compareBytes);
  const [is, says] = [sorted(there), sorted(listed)];
  const other = is.find((each, index) => each !== says[index]) ?? says[is.length];
  if (other !== undefined)
    throw damaged(`${LISTING_PATH}: is not of what lies there: ${other.split(' ')[0]}`);
}

function refusedAsDamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof OperatorBundleError) || cause.code === 'damaged') throw cause;
    throw damaged(cause.message, cause);
  }
}
