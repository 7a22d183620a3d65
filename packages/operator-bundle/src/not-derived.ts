// SPDX-License-Identifier: Apache-2.0
import { fields, type Section } from '@latticra/evidence-format';
import { version } from '../package.json';
import { BUNDLE_FILE } from './names.js';
import type { VerifiedPage } from './page.js';
import type { VerifiedDocuments } from './verify/derived.js';

/**
 * Makes the section on the texts of a bundle that another version made and nobody made again; none where there are none.
 * @param here the version that would make the page again; undefined where nothing does
 */
export function notDerivedSection(
  { documents, page }: { readonly documents: VerifiedDocuments; readonly page: VerifiedPage },
  here: string | undefined,
): Section[] {
  const told = (by: string, own: string) =>
    `made by version ${by}, and this is ${own}: it has the checksum that was signed, and whether it shows what lies here is not known`;
  const ofDocuments =
    documents.status === 'derived-again'
      ? []
      : documents.names.map((name, index) => [
          `document_note_${String(index + 1).padStart(2, '0')}`,
          `${name} was ${told(documents.version, version)}`,
        ]);
  const isTold = here !== undefined && page.status === 'not-derived-again';
  const ofPage = isTold ? [['page_note', `${BUNDLE_FILE.page} was ${told(page.version, here)}`]] : [];
  const notes = Object.fromEntries([...ofDocuments, ...ofPage]);
  return Object.keys(notes).length === 0 ? [] : [{ name: 'not_derived_again', fields: fields(notes) }];
}
