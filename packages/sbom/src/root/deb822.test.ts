// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SbomError } from '../error.js';
import { parseParagraphs } from './deb822.js';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
const word = fc.stringMatching(/^[!-"$-~]([ -~]{0,20}[!-~])?$/);
const value = fc
  .tuple(
    word,
    fc.array(
      word.map((text) => ` ${text}`),
      { maxLength: 3 },
    ),
  )
  .map((lines) => lines.flat().join('\n'));
const paragraph = fc
  .uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 6, selector: ([key]) => key.toLowerCase() })
  .map((fields) => new Map(fields));

describe('parseParagraphs', () => {
  it('paragraphs that were written are read again, however many empty lines stand between them', () => {
    fc.assert(
      fc.property(
        fc.array(paragraph, { maxLength: 5 }),
        fc.constantFrom('\n', '\n\n', '\n \n'),
        (written, gap) => {
          const text = written
            .map((fields) => [...fields].map(([key, content]) => `${key}: ${content}\n`).join(''))
            .join(gap);
          expect(parseParagraphs(text, 'a file').map(({ fields }) => fields)).toEqual(
            written.map(
              (fields) => new Map([...fields].map(([key, content]) => [key.toLowerCase(), content])),
            ),
          );
        },
      ),
    );
  });

  it('any text is read, or refused with its line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseParagraphs(text, 'a file');
        } catch (error) {
          expect(error).toBeInstanceOf(SbomError);
          expect((error as Error).message).toMatch(/^a file, line \d+: /);
        }
      }),
    );
  });

  it.each([
    ['A: 1\nA: 2\n', 'line 2: has the field A a second time'],
    ['A: 1\n\nwords alone\n', 'line 3: is no field'],
    [' more\n', 'line 1: continues no field'],
  ])('%j is refused', (text, reason) => {
    expect(() => parseParagraphs(text, 'a file')).toThrow(reason);
  });
});
