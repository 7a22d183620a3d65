// SPDX-License-Identifier: Apache-2.0
import { type EvidenceFile, isDocument } from '../read/content.js';
import { hexOf, lineIn, lineOf, numberOf, sectionOf } from '../read/document.js';
import { SEAL } from '../read/titles.js';
import type { SealView } from './model.js';

/** The most changes, failures and warnings of a report that a page lists; it says how many there are. */
const MAX_LISTED = 200;

/** Makes what each Seal report says. A status is as good as its failures: a PASS beside one is broken. */
export function gatherSeals(files: readonly EvidenceFile[]): SealView[] {
  return files
    .filter((file) => isDocument(file, SEAL))
    .map((file) => {
      if (!isDocument(file)) throw new TypeError('not a document');
      const status = lineOf(file, 'status') ?? 'unknown';
      const values = (section: string) =>
        sectionOf(file, section)
          .slice(0, MAX_LISTED)
          .map(({ value }) => value);
      const failures = values('failures');
      const isPass = status === 'PASS' && failures.length === 0 && numberOf(file, 'failures') === 0;
      return {
        source: file,
        state: isPass ? 'good' : status === 'PASS' || status === 'FAIL' ? 'bad' : 'unknown',
        status: status === 'PASS' && !isPass ? 'PASS beside failures' : status,
        mode: lineOf(file, 'mode') ?? 'unknown',
        hashed: numberOf(file, 'hashes_checked'),
        changes: sectionOf(file, 'changes')
          .slice(0, MAX_LISTED)
          .flatMap(({ key, value }) => {
            const how = /^(added|modified|removed)_\d+$/.exec(key)?.[1] as
              | SealView['changes'][number]['how']
              | undefined;
            return how === undefined ? [] : [{ how, what: value }];
          }),
        failures,
        warnings: values('warnings'),
        checks: sectionOf(file, 'checks').map(({ key, value }) => ({ name: key, result: value })),
        details: [
          { name: 'Manifest', sha256: hexOf(lineIn(file, 'digests', 'manifest_sha256') ?? '') },
          { name: 'All files', sha256: hexOf(lineIn(file, 'digests', 'root_digest') ?? '') },
          { name: 'Command', text: lineIn(file, 'run', 'command') },
        ],
      };
    });
}
