// SPDX-License-Identifier: Apache-2.0
import { isSpdxTime } from '../../spdx/created.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';
import { CREATOR } from './document.js';

/** Annotations (12.1, 12.2) of the document and of each element, and reviews (13.1, 13.2): by whom, and when. */
export function checkAnnotations({ root, packages, files, snippets }: Elements, report: Report): void {
  for (const element of [[root], packages, files, snippets].flat()) {
    if (!element.has('annotations')) continue;
    for (const annotation of element.member('annotations').items) {
      check('12.1', annotation.member('annotator'), '12.2', annotation.member('annotationDate'), report);
    }
  }
  for (const review of root.member('revieweds').items) {
    check('13.1', review.member('reviewer'), '13.2', review.member('reviewDate'), report);
  }
}

function check(whoClause: string, who: JsonNode, whenClause: string, when: JsonNode, report: Report): void {
  if (who.text && !CREATOR.test(who.text)) {
    report(whoClause, who, `is ${quote(who.text)}, expected 'Person: …', 'Organization: …' or 'Tool: …'`);
  }
  if (when.text && !isSpdxTime(when.text)) {
    report(whenClause, when, `is ${quote(when.text)}, expected a time as YYYY-MM-DDThh:mm:ssZ`);
  }
}
