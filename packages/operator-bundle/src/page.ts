// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { damaged } from './error.js';
import { BUNDLE_FILE } from './names.js';

/**
 * Shows a folder as a page, the same bytes for the same files.
 * @param folder absolute
 * @param leaveOut names of files in it that the page is not made of
 */
export type BundlePage = (folder: string, leaveOut: readonly string[]) => Promise<string>;

/** What no page of a bundle is made of: the page itself, and what is made of it. */
const NOT_SHOWN = [BUNDLE_FILE.page, BUNDLE_FILE.checksums, BUNDLE_FILE.checksumsSignature];

/** Makes the page of a bundle. @param added names of files that are no part of it */
export function pageOf(folder: string, page: BundlePage, added: readonly string[] = []): Promise<string> {
  return page(folder, [...NOT_SHOWN, ...added]);
}

/** Makes the page of a bundle again, and holds it to its checksum. @throws OperatorBundleError `damaged`; whatever `page` throws */
export async function assertPage(
  folder: string,
  sha256: string | undefined,
  added: readonly string[],
  page: BundlePage,
): Promise<void> {
  const text = await pageOf(folder, page, added);
  if (createHash('sha256').update(text).digest('hex') === sha256) return;
  throw damaged(`${BUNDLE_FILE.page}: is not what this version makes of the files of the bundle`);
}
