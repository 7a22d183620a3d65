// SPDX-License-Identifier: Apache-2.0
import { type EvidenceDocument, escapeControls, type Field, formatDocument } from '@latticra/evidence-format';
import { AUTHORITY_NOT_USED, DENIAL } from './decision.js';
import { SealReportError } from './error.js';
import type { Surface } from './report.js';

/**
 * Checks a report that a receipt is to be written over, and returns its text.
 * @param expected what this package says for the same request
 * @throws SealReportError `source-allows`, `source-altered`
 * @throws EvidenceError for a report that cannot be written as a document
 */
export function checkSource(surface: Surface, source: EvidenceDocument, expected: EvidenceDocument): string {
  const authority = source.sections.find(({ name }) => name === 'authority_not_used');
  assertSays(surface, source, source.fields, DENIAL);
  assertSays(surface, source, authority?.fields ?? [], AUTHORITY_NOT_USED);
  const text = formatDocument(source);
  assertSame(surface, text, formatDocument(expected));
  return text;
}

/** Makes sure that `block` has every value that is `wanted`, and that no other stands anywhere in the source. */
function assertSays(
  surface: Surface,
  source: EvidenceDocument,
  block: readonly Field[],
  wanted: Readonly<Record<string, string | number>>,
): void {
  const all = [source, ...source.sections].flatMap(({ fields }) => fields);
  for (const [key, expected] of Object.entries(wanted)) {
    const found =
      all.find((field) => field.key === key && field.value !== String(expected)) ??
      block.find((field) => field.key === key);
    if (found?.value === String(expected)) continue;
    throw new SealReportError(
      'source-allows',
      `${surface}: ${key}: expected ${expected}, found ${found === undefined ? 'nothing' : quoted(found.value)}`,
      { fix: 'a receipt is written over reports that deny everything' },
    );
  }
}

function assertSame(surface: Surface, text: string, expected: string): void {
  const found = text.split('\n');
  const wanted = expected.split('\n');
  const show = (line: string | undefined) => (line === undefined ? 'the end' : quoted(line));
  for (let index = 0; index < Math.max(found.length, wanted.length); index += 1) {
    if (found[index] === wanted[index]) continue;
    throw new SealReportError(
      'source-altered',
      `${surface}: line ${index + 1}: expected ${show(wanted[index])}, found ${show(found[index])}`,
      { fix: 'make the report again with this version' },
    );
  }
}

function quoted(text: string): string {
  return escapeControls(JSON.stringify(text));
}
