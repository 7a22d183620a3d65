// SPDX-License-Identifier: Apache-2.0
import type { KeptMeasurements } from '@latticra/held-files';
import { hasDigest, judgeDerived } from './derived-text.js';
import { BUNDLE_FILE } from './names.js';
import type { ChecksumsSignature } from './signatures.js';

/** Shows a bundle as a page. */
export interface BundlePage {
  /** Of the program that makes it: another version may show the same files otherwise. */
  readonly version: string;
  /**
   * Makes the page, the same bytes for the same files.
   * @param folder absolute
   * @param leaveOut names of files in it that the page is not made of
   * @param known what is known of files in it, which need not be read again where they are still the same
   */
  readonly make: (
    folder: string,
    leaveOut: readonly string[],
    known: KeptMeasurements | undefined,
  ) => Promise<string>;
}

/** What verification found of the page of a bundle, and which version made it. */
export type VerifiedPage =
  | { readonly status: 'none'; readonly version: undefined }
  /** Made again of what lies in the bundle, to the same bytes. */
  | { readonly status: 'derived-again'; readonly version: string }
  /** It has its checksum. Whether it shows what lies in the bundle is not known. */
  | { readonly status: 'not-derived-again'; readonly version: string };

/** What no page of a bundle is made of: the page itself, and what is made of it. */
const NOT_SHOWN = [BUNDLE_FILE.page, BUNDLE_FILE.checksums, BUNDLE_FILE.checksumsSignature];

/** Makes the page of a bundle. @param added names of files that are no part of it */
export function pageOf(
  folder: string,
  { make }: BundlePage,
  known: KeptMeasurements | undefined,
  added: readonly string[] = [],
): Promise<string> {
  return make(folder, [...NOT_SHOWN, ...added], known);
}

/** A page that lies in a bundle and has its checksum. */
export interface PageToVerify {
  /** The bundle, absolute. */
  readonly root: string;
  /** Which version made it, as the report of the bundle says. */
  readonly version: string;
  readonly sha256: string | undefined;
  /** Names of files that are no part of the bundle. */
  readonly added: readonly string[];
  /** Of the checksums. */
  readonly signed: ChecksumsSignature;
  /** What its files measured when they were held to their checksums. */
  readonly known: KeptMeasurements;
}

/**
 * Makes the page of a bundle again, and holds it to its checksum, as {@link judgeDerived} does for every text of a bundle.
 * @throws OperatorBundleError `damaged`, `page-unknown`; whatever making it throws
 */
export async function verifyPage(
  { root, version, sha256, added, signed, known }: PageToVerify,
  page: BundlePage,
): Promise<VerifiedPage> {
  const isSame = hasDigest(await pageOf(root, page, known, added), sha256);
  const otherwise = 'is not what this version makes of the files of the bundle';
  const makers = { by: version, here: page.version, signed, code: 'page-unknown' } as const;
  return { status: judgeDerived(BUNDLE_FILE.page, isSame, otherwise, makers), version };
}
