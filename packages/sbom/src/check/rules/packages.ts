// SPDX-License-Identifier: Apache-2.0
import { isSpdxTime } from '../../spdx/created.js';
import { NOASSERTION, NONE, PURPOSE_SPELLINGS } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';

const AGENT = /^(?:NOASSERTION|(?:Person|Organization): *\S.*)$/;
/** A URI, or a version control location such as `git+git@host:path` (clause 7.7). */
const LOCATION = /^(?:(?:git|hg|svn|bzr)\+)?[A-Za-z][A-Za-z0-9+.-]*[:@][^\s]+$/;

/**
 * Checks what clause 7 demands of each package beyond shapes, identifiers, checksums, licences, references and the
 * verification code.
 */
export function checkPackages({ packages, contained }: Elements, report: Report): void {
  for (const item of packages) {
    for (const [clause, name] of [
      ['7.5', 'supplier'],
      ['7.6', 'originator'],
    ] as const) {
      const agent = item.member(name);
      if (agent.text && !AGENT.test(agent.text)) {
        report(
          clause,
          agent,
          `is ${quote(agent.text)}, expected 'Person: …', 'Organization: …' or NOASSERTION`,
        );
      }
    }
    checkLocation(item.member('downloadLocation'), report);
    if (item.member('filesAnalyzed').value === false) {
      const files = contained.get(item.member('SPDXID').text ?? '');
      if (files)
        report(
          '7.8',
          item.member('filesAnalyzed'),
          `is false, but the package contains ${files.size} file(s)`,
        );
      const found = item.member('licenseInfoFromFiles');
      if (found.items.length > 0) report('7.14', found, 'stands beside filesAnalyzed false, expected none');
    }
    const purpose = item.member('primaryPackagePurpose');
    if (purpose.text && Object.hasOwn(PURPOSE_SPELLINGS, purpose.text)) {
      report(
        '7.24',
        purpose,
        `is ${quote(purpose.text)}, better ${PURPOSE_SPELLINGS[purpose.text]}`,
        'advice',
      );
    }
    for (const [clause, name] of [
      ['7.25', 'releaseDate'],
      ['7.26', 'builtDate'],
      ['7.27', 'validUntilDate'],
    ] as const) {
      const date = item.member(name);
      if (date.text && !isSpdxTime(date.text)) {
        report(clause, date, `is ${quote(date.text)}, expected a time as YYYY-MM-DDThh:mm:ssZ`);
      }
    }
  }
}

function checkLocation(location: JsonNode, report: Report): void {
  const text = location.text;
  if (text && text !== NONE && text !== NOASSERTION && !LOCATION.test(text)) {
    report('7.7', location, `is ${quote(text)}, expected a URI, NONE or NOASSERTION`);
  }
}
