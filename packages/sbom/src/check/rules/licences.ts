// SPDX-License-Identifier: Apache-2.0
import { parseExpression } from '../../spdx/expression.js';
import { NOASSERTION, NONE } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';
import { externalDocuments } from './document.js';

const LICENCE_REF = /^LicenseRef-[A-Za-z0-9.-]+$/;

/**
 * Checks the licence fields of packages (7.13 to 7.15), files (8.5, 8.6) and snippets (9.5, 9.6): each is NONE,
 * NOASSERTION or a licence expression of annex D; a `LicenseRef-` of this document has its text in it (10.1).
 */
export function checkLicences({ root, packages, files, snippets }: Elements, report: Report): void {
  const known = new Set<string>();
  for (const licence of root.member('hasExtractedLicensingInfos').items) {
    const id = licence.member('licenseId');
    if (!id.text) continue;
    if (!LICENCE_REF.test(id.text)) {
      report('10.1', id, `is ${quote(id.text)}, expected LicenseRef- and letters, digits, '.', '-'`);
    } else if (known.has(id.text)) {
      report('10.1', id, `is ${quote(id.text)}, which is defined already`);
    }
    known.add(id.text);
  }
  const documents = new Set(externalDocuments(root).map(({ id }) => id));
  const check = (clause: string, place: JsonNode) =>
    checkLicence(clause, place, { known, documents }, report);
  for (const item of packages) {
    check('7.13', item.member('licenseConcluded'));
    for (const licence of item.member('licenseInfoFromFiles').items) check('7.14', licence);
    check('7.15', item.member('licenseDeclared'));
  }
  for (const file of files) {
    check('8.5', file.member('licenseConcluded'));
    for (const licence of file.member('licenseInfoInFiles').items) check('8.6', licence);
  }
  for (const snippet of snippets) {
    check('9.5', snippet.member('licenseConcluded'));
    for (const licence of snippet.member('licenseInfoInSnippets').items) check('9.6', licence);
  }
}

interface Names {
  /** The licences whose texts are in this document, and the other documents that it knows. */
  readonly known: ReadonlySet<string>;
  readonly documents: ReadonlySet<string>;
}

function checkLicence(clause: string, place: JsonNode, { known, documents }: Names, report: Report): void {
  if (!place.text || place.text === NONE || place.text === NOASSERTION) return;
  const parsed = parseExpression(place.text);
  if (parsed.problem !== undefined) {
    report(clause, place, `is ${quote(place.text)}, expected a licence expression: ${parsed.problem}`);
    return;
  }
  for (const licence of parsed.licences) {
    if (licence.startsWith('LicenseRef-') && !known.has(licence)) {
      report('10.1', place, `refers to ${quote(licence)}, which has no text in hasExtractedLicensingInfos`);
    }
    const [document, name] = licence.split(':', 2);
    if (name !== undefined && !documents.has(document ?? '')) {
      report('6.6', place, `refers to ${quote(licence)}, of a document that is not in externalDocumentRefs`);
    }
  }
}
