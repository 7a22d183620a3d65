// SPDX-License-Identifier: Apache-2.0
import { DOCUMENT_ID } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';

const SPDX_ID = /^SPDXRef-[A-Za-z0-9.-]+$/;

/**
 * Checks the identifiers of packages (7.2), files (8.2) and snippets (9.1): their characters, and each once in the
 * document.
 */
export function checkIdentifiers({ packages, files, snippets }: Elements, report: Report): void {
  const seen = new Map<string, string>([[DOCUMENT_ID, '/SPDXID']]);
  for (const [clause, elements] of [
    ['7.2', packages],
    ['8.2', files],
    ['9.1', snippets],
  ] as const) {
    for (const element of elements) {
      const id = element.member('SPDXID');
      if (!id.text) continue;
      const earlier = seen.get(id.text);
      if (earlier !== undefined) {
        report(clause, id, `is ${quote(id.text)}, the same as ${earlier}, expected an identifier of its own`);
      } else if (!SPDX_ID.test(id.text)) {
        report(clause, id, `is ${quote(id.text)}, expected SPDXRef- and letters, digits, '.', '-'`);
      }
      seen.set(id.text, earlier ?? id.pointer);
    }
  }
}
