// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument, Field } from './document.js';

/**
 * Writes the document as JSON: `{"title": …, "fields": {…}, "sections": {name: {…}}}`, all values as strings,
 * in the document's order (a JavaScript object would move keys that look like array indices).
 */
export function documentToJson(document: EvidenceDocument): string {
  const sections = document.sections.map(
    ({ name, fields }) => `\n    ${JSON.stringify(name)}: ${block(fields, '    ')}`,
  );
  return [
    '{',
    `  "title": ${JSON.stringify(document.title)},`,
    `  "fields": ${block(document.fields, '  ')},`,
    `  "sections": {${sections.join(',')}${sections.length > 0 ? '\n  ' : ''}}`,
    '}\n',
  ].join('\n');
}

function block(fields: readonly Field[], indent: string): string {
  if (fields.length === 0) return '{}';
  const lines = fields.map(({ key, value }) => `${indent}  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
