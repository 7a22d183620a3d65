// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument, Field } from './document.js';
import { EvidenceError } from './error.js';
import { assertNoClaim } from './fields.js';
import {
  assertKey,
  assertLineLength,
  assertSectionName,
  assertTitle,
  assertValue,
  MAX_DOCUMENT_BYTES,
} from './limits.js';

/**
 * Writes a document as text: UTF-8, LF at the end of every line, nothing that {@link parseDocument} would not
 * give back the same.
 *
 * @throws EvidenceError for a title, key or value that cannot be written safely, a field or section that
 *   stands twice, a claim that is not 0, a line or document that is too large.
 */
export function formatDocument(document: EvidenceDocument): string {
  assertTitle(document.title);
  assertLineLength(document.title, 'title');
  const blocks = [`${document.title}\n${formatFields(document.fields)}`];
  const names = new Set<string>();
  for (const section of document.sections) {
    assertSectionName(section.name);
    assertLineLength(`[${section.name}]`, 'section');
    if (names.has(section.name))
      throw new EvidenceError('duplicate', `section [${section.name}] stands twice`);
    names.add(section.name);
    blocks.push(`[${section.name}]\n${formatFields(section.fields)}`);
  }
  const text = blocks.join('\n');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new EvidenceError(
      'too-large',
      `document of ${bytes} bytes, expected at most ${MAX_DOCUMENT_BYTES}`,
    );
  }
  return text;
}

function formatFields(fields: readonly Field[]): string {
  const keys = new Set<string>();
  let text = '';
  for (const field of fields) {
    const { key, value } = field;
    assertKey(key, { key });
    assertValue(key, value);
    assertNoClaim(field);
    if (keys.has(key)) throw new EvidenceError('duplicate', `${key}: stands twice`, { key });
    keys.add(key);
    const line = `${key}=${value}`;
    assertLineLength(line, key, { key });
    text += `${line}\n`;
  }
  return text;
}
