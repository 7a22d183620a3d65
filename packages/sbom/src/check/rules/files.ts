// SPDX-License-Identifier: Apache-2.0
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';

/**
 * Checks file names (8.1): relative to the package's root, and staying below it. That they start with `./` is what
 * the clause has "in general", so it is advice.
 */
export function checkFileNames({ files }: Elements, report: Report): void {
  for (const file of files) {
    const name = file.member('fileName');
    if (!name.text) continue;
    const segments = name.text.replace(/^\.\//, '').split('/');
    if (/^(?:[/\\]|[A-Za-z]:[/\\]|file:)/.test(name.text)) {
      report('8.1', name, `is ${quote(name.text)}, expected a relative name`);
    } else if (segments.includes('..')) {
      report('8.1', name, `is ${quote(name.text)}, expected no '..' in it`);
    } else if (!name.text.startsWith('./')) {
      report('8.1', name, `is ${quote(name.text)}, better with './' in front`, 'advice');
    } else if (segments.some((segment) => segment === '' || segment === '.')) {
      report(
        '8.1',
        name,
        `is ${quote(name.text)}, better without empty and '.' parts after the first`,
        'advice',
      );
    }
  }
}
