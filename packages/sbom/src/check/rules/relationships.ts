// SPDX-License-Identifier: Apache-2.0
import { DOCUMENT_ID, NOASSERTION, NONE } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';
import { externalDocuments } from './document.js';

/**
 * Checks relationships (11.1): both ends exist, and the document describes something; what a snippet is from exists
 * (9.2).
 */
export function checkRelationships(elements: Elements, report: Report): void {
  const { root, packages, files, snippets, relations } = elements;
  const ids = new Set<string | undefined>(
    [...packages, ...files, ...snippets].map((item) => item.member('SPDXID').text),
  );
  ids.add(DOCUMENT_ID);
  const documents = new Set(externalDocuments(root).map(({ id }) => id));
  const exists = (id: string) => {
    const [document, element] = id.split(':', 2);
    return element === undefined
      ? ids.has(id)
      : documents.has(document ?? '') && /^SPDXRef-[A-Za-z0-9.-]+$/.test(element);
  };
  const dangling = (clause: string, place: JsonNode, id: string, what = 'element') =>
    report(clause, place, `refers to ${quote(id)}, which is no ${what} of this document`);
  const others = new Set([...packages, ...snippets].map((item) => item.member('SPDXID').text));
  others.add(DOCUMENT_ID);

  for (const { from, type, to, place } of relations) {
    if (!exists(from)) dangling('11.1', place, from);
    if (type === 'DESCRIBES' && to === NONE) report('11.1', place, 'describes NONE, expected an element');
    if (!exists(to) && to !== NONE && to !== NOASSERTION) dangling('11.1', place, to);
  }
  for (const snippet of snippets) {
    const file = snippet.member('snippetFromFile');
    if (file.text && (others.has(file.text) || !exists(file.text))) dangling('9.2', file, file.text, 'file');
  }

  const describes = relations.some(
    ({ from, type, to }) =>
      (type === 'DESCRIBES' && from === DOCUMENT_ID && to !== NONE && to !== NOASSERTION) ||
      (type === 'DESCRIBED_BY' && to === DOCUMENT_ID),
  );
  // One package and nothing else is what the document is about without a word.
  const isPlain = packages.length === 1 && files.length === 0 && snippets.length === 0;
  if (!describes && !isPlain)
    report('11.1', root, `says nowhere what it describes, expected ${DOCUMENT_ID} DESCRIBES …`);
}
