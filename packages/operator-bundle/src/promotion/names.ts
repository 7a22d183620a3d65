// SPDX-License-Identifier: Apache-2.0

/** The folder of a bundle that carries what its promotion was evaluated from. */
export const PROMOTION_FOLDER = 'promotion';

/** The folders of a promotion folder, as they are named there and in a bundle. */
export const PROMOTION_PART = {
  /** What fields are derived from; the images that a bundle has already lie elsewhere in it. */
  evidence: 'evidence',
  /** Reviews that lie in a folder of their own. */
  reviews: 'reviews',
  attestations: 'attestations',
} as const;

/** The names in a bundle's promotion folder of the files that are told by their content, or by their digest. */
export const PROMOTION_FILE = {
  evaluation: 'promotion-evaluation.txt',
  allowedSigners: 'allowed-signers',
  revokedKeys: 'revoked-keys',
  pins: 'pins',
  /** Lists them all, and is none of them. */
  listing: 'promotion-evidence.txt',
} as const;

/** What is derived from the folder, and is not carried with it. */
export const LEFT_OUT: ReadonlySet<string> = new Set(['report.html']);

/** Returns the name in a bundle of a file of the promotion folder. */
export const inBundle = (path: string): string => `${PROMOTION_FOLDER}/${path}`;

/** The path in a bundle of the list of what its promotion folder has. */
export const LISTING_PATH = inBundle(PROMOTION_FILE.listing);
