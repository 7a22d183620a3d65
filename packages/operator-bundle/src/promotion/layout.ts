// SPDX-License-Identifier: Apache-2.0
import { type AnchoredFile, type LentFiles, openAnchor } from '@latticra/held-files/anchor';
import { compareBytes } from '../byte-order.js';
import type { PromotionEntry, PromotionListing } from './listing.js';
import { inBundle, PROMOTION_PART } from './names.js';

/** A file of evidence as large as this lies in a bundle once. */
const LARGE_BYTES = 1 << 20;

const EVIDENCE = `${PROMOTION_PART.evidence}/`;

/** Where each file of a promotion folder lies in a bundle. */
export interface Layout extends PromotionListing {
  /** The names in the bundle of those that lie elsewhere, by their paths in the promotion folder. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/**
 * Says by rule where each file lies: what the bundle has as an artifact lies there, a large file of which the evidence has several copies
 * lies at the first of their paths, and every other file at its own.
 * @param artifacts names in the bundle by digests
 */
export function layOut(files: readonly PromotionEntry[], artifacts: ReadonlyMap<string, string>): Layout {
  const carried: PromotionEntry[] = [];
  const lent: PromotionEntry[] = [];
  const elsewhere = new Map<string, string>();
  const large = new Map<string, string>();
  for (const file of [...files].sort((a, b) => compareBytes(a.path, b.path))) {
    const { path, size, sha256 } = file;
    const isEvidence = path.startsWith(EVIDENCE);
    const there = isEvidence ? (artifacts.get(sha256) ?? large.get(sha256)) : undefined;
    if (there === undefined) {
      carried.push(file);
      if (isEvidence && size >= LARGE_BYTES) large.set(sha256, inBundle(path));
    } else {
      lent.push(file);
      elsewhere.set(path, there);
    }
  }
  return { carried, lent, elsewhere };
}

/** Returns the files of the evidence that lie elsewhere in a bundle, by their paths in the evidence. @param bundle absolute */
export function lentFiles(bundle: string, { elsewhere }: Pick<Layout, 'elsewhere'>): LentFiles {
  return new Map(
    [...elsewhere].map(([path, name]) => [path.slice(EVIDENCE.length), () => holdFile(bundle, name)]),
  );
}

/** Holds a file of a bundle, no folder on the way to which is a link. @throws HeldFileError */
function holdFile(bundle: string, name: string): AnchoredFile {
  const names = name.split('/');
  let folder = openAnchor(bundle, { label: '.' });
  try {
    for (const each of names.slice(0, -1)) {
      const inner = folder.openFolder(each);
      folder.close();
      folder = inner;
    }
    return folder.openFile(names.at(-1) ?? '');
  } finally {
    folder.close();
  }
}
