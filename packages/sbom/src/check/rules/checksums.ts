// SPDX-License-Identifier: Apache-2.0
import { CHECKSUM_DIGITS } from '../../spdx/vocabulary.js';
import type { Elements } from '../model/elements.js';
import { quote, type Report } from '../model/finding.js';
import type { JsonNode } from '../model/node.js';

/** The most that an algorithm of any length gives (MD6: 512 bits). */
const MAX_DIGITS = 128;

/**
 * Checks the checksums of packages (7.10), files (8.4) and other documents (6.6): digits, length, no algorithm twice,
 * a file's SHA1.
 */
export function checkChecksums({ root, packages, files }: Elements, report: Report): void {
  for (const item of packages) checkList('7.10', item.member('checksums'), report);
  for (const file of files) {
    const checksums = file.member('checksums');
    checkList('8.4', checksums, report);
    if (checksums.items.length > 0 && checksumOf(file, 'SHA1') === undefined) {
      report('8.4', checksums, 'has no SHA1, which every file needs');
    }
  }
  for (const reference of root.member('externalDocumentRefs').items) {
    checkValue('6.6', reference.member('checksum'), report);
  }
}

/** Finds the value that a package or file gives for an algorithm. */
export function checksumOf(element: JsonNode, algorithm: string): string | undefined {
  const checksum = element
    .member('checksums')
    .items.find((item) => item.member('algorithm').text === algorithm);
  return checksum?.member('checksumValue').text;
}

function checkList(clause: string, checksums: JsonNode, report: Report): void {
  const seen = new Set<string>();
  for (const checksum of checksums.items) {
    checkValue(clause, checksum, report);
    const algorithm = checksum.member('algorithm').text;
    if (algorithm === undefined) continue;
    if (seen.has(algorithm)) report(clause, checksum, `gives ${quote(algorithm)} a second time`);
    seen.add(algorithm);
  }
}

function checkValue(clause: string, checksum: JsonNode, report: Report): void {
  const algorithm = checksum.member('algorithm').text ?? '';
  const value = checksum.member('checksumValue');
  if (!value.text || !Object.hasOwn(CHECKSUM_DIGITS, algorithm)) return;
  const digits = CHECKSUM_DIGITS[algorithm as keyof typeof CHECKSUM_DIGITS];
  const { length } = value.text;
  if (
    !/^[0-9a-f]+$/i.test(value.text) ||
    (digits === undefined ? length % 2 !== 0 || length > MAX_DIGITS : length !== digits)
  ) {
    report(
      clause,
      value,
      `is ${quote(value.text)}, expected ${digits ?? 'some'} lower-case hexadecimal digits of ${algorithm}`,
    );
  } else if (/^0+$/.test(value.text)) {
    report(clause, value, `is all zeros, which ${algorithm} is of nothing that exists`);
  } else if (/[A-F]/.test(value.text)) {
    // For files the clause says "should".
    const level = clause === '8.4' ? 'advice' : 'error';
    report(clause, value, `is ${quote(value.text)}, expected lower-case hexadecimal digits`, level);
  }
}
