// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { type EvidenceDocument, isClaimKey, isPlainText } from '../src/index.js';

const KEY_START = [...'abcxyz0189'];
const KEY_REST = [...KEY_START, '_', '.', '-'];

/** Keys as the contract allows them. */
export const keys = fc
  .tuple(fc.constantFrom(...KEY_START), fc.string({ unit: fc.constantFrom(...KEY_REST), maxLength: 12 }))
  .map(([start, rest]) => start + rest);

/** Values of any script, with `=`, spaces and brackets, that stay on their line. */
export const values = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('=', ' ', '[', ']', '"', '\\', '#', 'é', '0'), maxLength: 10 }),
  )
  .filter(isPlainText);

const fields = fc.uniqueArray(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ key: keys.filter((key) => !isClaimKey(key)), value: values }) },
    { weight: 1, arbitrary: fc.constant({ key: 'bootable_os_ready', value: '0' }) },
  ),
  { selector: ({ key }) => key, maxLength: 6 },
);

const sectionNames = fc.array(keys, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(':'));

const titles = values.filter(
  (text) => text !== '' && text.trim() === text && !text.includes('=') && !text.startsWith('['),
);

/** Documents that can be written. */
export const documents: fc.Arbitrary<EvidenceDocument> = fc.record({
  title: titles,
  fields,
  sections: fc.uniqueArray(fc.record({ name: sectionNames, fields }), {
    selector: ({ name }) => name,
    maxLength: 3,
  }),
});

/** Bytes that are almost a document: the pieces a strict parser has to tell apart, in any order. */
export const nearDocuments = fc
  .array(
    fc.constantFrom(
      'TITLE',
      '\n',
      '\n\n',
      'a=1',
      'b=',
      '=',
      'A=1',
      '[s]',
      '[t:u]',
      '[',
      ']',
      ' ',
      '\t',
      '\r',
      '\0',
      '\ufeff',
      '\u2028',
      '\u0085',
      '\u202e',
      '\u{e0041}',
      'é',
      'bootable_os_ready=0',
      'bootable_os_ready=1',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
