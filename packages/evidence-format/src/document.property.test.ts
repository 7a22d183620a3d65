// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documents, nearDocuments } from '../test/arbitrary.js';
import { documentToJson, EvidenceError, formatDocument, parseDocument } from './index.js';

/** What is accepted is written back byte for byte; what is not is refused with a reason. */
function holds(input: string | Uint8Array): void {
  let parsed: ReturnType<typeof parseDocument>;
  try {
    parsed = parseDocument(input);
  } catch (error) {
    expect(error).toBeInstanceOf(EvidenceError);
    return;
  }
  expect(Buffer.from(formatDocument(parsed)).equals(Buffer.from(input))).toBe(true);
}

describe('a document and its text', () => {
  it('a document is the same after writing and parsing, as text and as bytes', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const text = formatDocument(document);
        expect(parseDocument(text)).toEqual(document);
        expect(parseDocument(Buffer.from(text))).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });

  it('what is nearly a document is written back byte for byte, or refused', () => {
    fc.assert(fc.property(nearDocuments, holds), { numRuns: 2000 });
  });

  it('any bytes are written back byte for byte, or refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), holds), { numRuns: 500 });
  });

  it('a good document with one byte changed is written back byte for byte, or refused', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat({ max: 255 }), (document, at, byte) => {
        const bytes = Buffer.from(formatDocument(document));
        bytes[at % bytes.length] = byte;
        holds(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('a document says the same as JSON, in the same order', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const json = documentToJson(document);
        expect(JSON.parse(json)).toEqual({
          title: document.title,
          fields: Object.fromEntries(document.fields.map(({ key, value }) => [key, value])),
          sections: Object.fromEntries(
            document.sections.map(({ name, fields }) => [
              name,
              Object.fromEntries(fields.map(({ key, value }) => [key, value])),
            ]),
          ),
        });
        const lines = [document, ...document.sections].flatMap(({ fields }) =>
          fields.map(({ key, value }) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
        );
        const written = json.split('\n').filter((line) => /^ {4}.*",?$/.test(line));
        expect(written.map((line) => line.trim().replace(/,$/, ''))).toEqual(lines);
      }),
      { numRuns: 100 },
    );
  });
});

describe('documentToJson', () => {
  it('JSON keeps the order of keys that look like array indices', () => {
    const json = documentToJson({
      title: 'T',
      fields: [
        { key: 'b', value: '2' },
        { key: '10', value: 'x' },
        { key: '1', value: '"' },
      ],
      sections: [{ name: 's', fields: [] }],
    });
    expect(json).toBe(
      '{\n  "title": "T",\n  "fields": {\n    "b": "2",\n    "10": "x",\n    "1": "\\""\n  },\n  "sections": {\n    "s": {}\n  }\n}\n',
    );
  });
});
