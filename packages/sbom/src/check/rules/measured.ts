// SPDX-License-Identifier: Apache-2.0
import type { ChecksumAlgorithm } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';

/** What a file measures now, in lower-case hexadecimal, by SPDX's names of the algorithms. */
export type Digests = Readonly<Partial<Record<ChecksumAlgorithm, string>>>;

/** A file as the document names it. */
export interface ListedFile {
  readonly id: string;
  readonly name: string;
}

/** Compares the files that are at hand with what the document says about them (8.4). */
export function checkMeasured(
  { files }: Elements,
  digestsOf: (file: ListedFile) => Digests | undefined,
  report: Report,
): void {
  for (const file of files) {
    const digests = digestsOf({
      id: file.member('SPDXID').text ?? '',
      name: file.member('fileName').text ?? '',
    });
    if (digests === undefined) continue;
    const measured = new Map(Object.entries(digests));
    for (const checksum of file.member('checksums').items) {
      const value = checksum.member('checksumValue');
      const algorithm = checksum.member('algorithm').text ?? '';
      const actual = measured.get(algorithm);
      if (actual === undefined) {
        report('8.4', value, `is not compared: ${quote(algorithm)} cannot be computed here`, 'advice');
      } else if (value.text?.toLowerCase() !== actual) {
        report('8.4', value, `is ${quote(value.text)}, but the file measures ${actual}`);
      }
    }
  }
}
