// SPDX-License-Identifier: Apache-2.0
import { isSpdxTime } from '../../spdx/created.js';
import { isPercentEncoded } from '../../spdx/percent.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';

/** An absolute URI of RFC 3986: a scheme, then what a URI may hold; no fragment. */
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?[\]@!$&'()*+,;=%-]+$/;
const isAbsoluteUri = (text: string) => ABSOLUTE_URI.test(text) && isPercentEncoded(text);
export const CREATOR = /^(?:Person|Organization|Tool): *\S/;
const EXTERNAL_ID = /^DocumentRef-[A-Za-z0-9.+-]+$/;

/** Checks what clause 6 demands of the document's own fields beyond their shape. */
export function checkDocumentFields({ root }: Elements, report: Report): void {
  const namespace = root.member('documentNamespace');
  if (namespace.text?.includes('#')) {
    report('6.5', namespace, `is ${quote(namespace.text)}, expected a URI without '#'`);
  } else if (namespace.text && !isAbsoluteUri(namespace.text)) {
    report('6.5', namespace, `is ${quote(namespace.text)}, expected an absolute URI`);
  }
  for (const { place, id } of externalDocuments(root)) {
    if (!EXTERNAL_ID.test(id))
      report('6.6', place, `is ${quote(id)}, expected DocumentRef- and letters, digits, '.', '-'`);
  }
  for (const creator of root.member('creationInfo').member('creators').items) {
    if (creator.text && !CREATOR.test(creator.text)) {
      report(
        '6.8',
        creator,
        `is ${quote(creator.text)}, expected 'Person: …', 'Organization: …' or 'Tool: …'`,
      );
    }
  }
  const created = root.member('creationInfo').member('created');
  if (created.text && !isSpdxTime(created.text)) {
    report('6.9', created, `is ${quote(created.text)}, expected a time as YYYY-MM-DDThh:mm:ssZ`);
  }
}

/** Finds the documents that this one refers to, by the short name that it gives them. */
export function externalDocuments(root: Elements['root']) {
  return root.member('externalDocumentRefs').items.flatMap((item) => {
    const place = item.member('externalDocumentId');
    return place.text === undefined ? [] : [{ place, id: place.text }];
  });
}
