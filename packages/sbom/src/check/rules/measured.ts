// SPDX-License-Identifier: Apache-2.0
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';

/** What a file measures now, in lower-case hexadecimal. */
export interface Digests {
  readonly sha1: string;
  readonly sha256: string;
}

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
    for (const checksum of file.member('checksums').items) {
      const value = checksum.member('checksumValue');
      const algorithm = checksum.member('algorithm').text;
      const actual =
        algorithm === 'SHA1' ? digests.sha1 : algorithm === 'SHA256' ? digests.sha256 : value.text;
      if (value.text !== actual)
        report('8.4', value, `is ${quote(value.text)}, but the file measures ${actual}`);
    }
  }
}
