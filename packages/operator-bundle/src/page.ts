// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { damaged, OperatorBundleError } from './error.js';
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
   */
  readonly make: (folder: string, leaveOut: readonly string[]) => Promise<string>;
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
export function pageOf(folder: string, { make }: BundlePage, added: readonly string[] = []): Promise<string> {
  return make(folder, [...NOT_SHOWN, ...added]);
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
}

/**
 * Makes the page of a bundle again, and holds it to its checksum. A page that another version made cannot be made again here: it is left at
 * its checksum where somebody signed that whose signature counts, and whose word it then is. Without, whoever can write the bundle could
 * name any version, and the page could say anything.
 * @throws OperatorBundleError `damaged`, `page-unknown`; whatever making it throws
 */
export async function verifyPage(
  { root, version, sha256, added, signed }: PageToVerify,
  page: BundlePage,
): Promise<VerifiedPage> {
  if (version === page.version) {
    const text = await pageOf(root, page, added);
    if (createHash('sha256').update(text).digest('hex') === sha256)
      return { status: 'derived-again', version };
    throw damaged(`${BUNDLE_FILE.page}: is not what this version makes of the files of the bundle`);
  }
  if (signed.status === 'verified') return { status: 'not-derived-again', version };
  throw new OperatorBundleError(
    'page-unknown',
    `${BUNDLE_FILE.page}: was made by version ${version}, and this is ${page.version}, which cannot tell whether it shows what lies here`,
    {
      fix: `verify the bundle with version ${version}, or with --allowed-signers where somebody signed it whom you know`,
    },
  );
}
