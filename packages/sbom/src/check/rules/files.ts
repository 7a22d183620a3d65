// SPDX-License-Identifier: Apache-2.0
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';

/** File names (8.1): relative to the package's root, starting with `./`, and staying below it. */
export function checkFileNames({ files }: Elements, report: Report): void {
  for (const file of files) {
    const name = file.member('fileName');
    if (!name.text) continue;
    const segments = name.text.split('/').slice(1);
    if (!name.text.startsWith('./')) {
      report('8.1', name, `is ${quote(name.text)}, expected a relative name that starts with './'`);
    } else if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
      report('8.1', name, `is ${quote(name.text)}, expected no empty, '.' or '..' part after the first`);
    }
  }
}
