// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../spdx/expression.js';
import { readApkLicence } from './apk-licence.js';
import { readCopyright } from './copyright.js';
import { parseLicenceField } from './licence-field.js';
import { mapShortName } from './licence-names.js';

const HEADER = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n';
const files = (licence: string, text = '') => `\nFiles: *\nCopyright: somebody\nLicense: ${licence}\n${text}`;
const alone = (licence: string) => `\nLicense: ${licence}\n The text of ${licence}.\n .\n Its end.\n`;
const expressionOf = (text: string) => readCopyright(text, 'copyright').expression;

describe('mapShortName', () => {
  it.each([
    ['GPL-2+', 'GPL-2.0-or-later'],
    ['GPL-2.0', 'GPL-2.0-only'],
    ['gpl-3.0.0+', 'GPL-3.0-or-later'],
    ['GPL-1+', 'GPL-1.0-or-later'],
    ['LGPL-2.1+', 'LGPL-2.1-or-later'],
    ['LGPL-2', 'LGPL-2.0-only'],
    ['Expat', 'MIT'],
    ['BSD-3-clause', 'BSD-3-Clause'],
    ['GFDL-NIV-1.3+', 'GFDL-1.3-no-invariants-or-later'],
    ['CC0', undefined],
    ['CC0-1.0', 'CC0-1.0'],
    ['MIT', undefined],
    ['X11', undefined],
    ['public-domain', undefined],
    ['Artistic', undefined],
    ['BSD-4-clause', undefined],
    ['BSL', undefined],
    ['BSD-3', undefined],
    ['GPL', undefined],
    ['LGPL-4', undefined],
    ['constructor', undefined],
  ])('the short name %s means %s', (name, id) => {
    expect(mapShortName(name)?.id).toBe(id);
  });
});

describe('parseLicenceField', () => {
  const written = (text: string) => {
    const show = (term: ReturnType<typeof parseLicenceField>): string =>
      term === undefined
        ? 'none'
        : 'operator' in term
          ? `(${term.terms.map(show).join(` ${term.operator} `)})`
          : term.name + (term.exception === undefined ? '' : `[${term.exception}]`);
    return show(parseLicenceField(text));
  };

  it.each([
    ['A', 'A'],
    ['A or B and C', '(A OR (B AND C))'],
    ['A or B, and C', '((A OR B) AND C)'],
    ['A and B, or C', '((A AND B) OR C)'],
    ['A OR B', '(A OR B)'],
    ['GPL-2+ with OpenSSL exception', 'GPL-2+[OpenSSL]'],
    ['GPL-2+ with Font Awesome exception and B', '(GPL-2+[Font Awesome] AND B)'],
    ['A and/or B', 'none'],
    ['A B', 'none'],
    ['A or', 'none'],
    ['A, B', 'none'],
    ['A with B', 'none'],
    ['', 'none'],
  ])('the field %j is read as %s', (text, term) => {
    expect(written(text)).toBe(term);
  });
});

describe('readCopyright', () => {
  it('the licence of a package is all that its files have, each once, alternatives in brackets', () => {
    expect(expressionOf(HEADER + files('GPL-2+') + files('Expat or GPL-2+') + files('GPL-2+'))).toBe(
      'GPL-2.0-or-later AND (MIT OR GPL-2.0-or-later)',
    );
  });

  it('a paragraph of a licence alone is its text, and says nothing of the package', () => {
    expect(expressionOf(HEADER + files('ISC') + alone('Artistic'))).toBe('ISC');
  });

  it('the licence of the whole, where the header has it, stands for those of the files', () => {
    expect(expressionOf(`${HEADER}License: Expat\n${files('GPL-3+')}`)).toBe('MIT');
  });

  it('a name without an identifier becomes a reference with its text, and two texts of one name two of them', () => {
    const { expression, texts } = readCopyright(
      HEADER + files('public-domain or ISC') + alone('public-domain'),
      'c',
    );
    expect(texts).toEqual([
      {
        id: expression?.split(' ')[0],
        name: 'public-domain',
        text: 'The text of public-domain.\n\nIts end.',
      },
    ]);
    expect(expression).toMatch(/^LicenseRef-public-domain-[0-9a-f]{8} OR ISC$/);
    const other = readCopyright(HEADER + files('public-domain', ' Another text.\n'), 'c');
    expect(other.expression).toMatch(/^LicenseRef-public-domain-/);
    expect(other.expression).not.toBe(texts[0]?.id);
  });

  it.each([
    ['prose', 'This package is free.\n', 'not machine-readable'],
    ['an older format', `Format: http://dep.debian.net/deps/dep5\n${files('ISC')}`, 'not machine-readable'],
    ['no files', HEADER, 'no paragraph of files'],
    ['a licence without a text', HEADER + files('Artistic'), '"Artistic", and has no text of it'],
    ['an empty licence', HEADER + files(''), 'names no licence'],
  ])('nothing is claimed of %s, and the reason says why', (_, text, reason) => {
    const { expression, comment } = readCopyright(text, 'c');
    expect(expression).toBeUndefined();
    expect(comment).toContain(reason);
  });

  it('whatever stands in a file, the answer is an expression of SPDX or a reason', () => {
    const name = fc.constantFrom(
      'GPL-2+',
      'Expat',
      'Artistic',
      'MIT and/or X',
      'a b',
      'ISC, or Zlib',
      'AND',
      '(',
      'x '.repeat(600),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.boolean())), fc.string(), (licences, junk) => {
        const text =
          HEADER +
          licences
            .map(([one, hasText]) => files(one, hasText ? ` ${junk.replace(/\s/g, '_')}.\n` : ''))
            .join('');
        const { expression, comment } = readCopyright(text, 'c');
        if (expression === undefined) expect(comment).not.toBe('');
        else expect(parseExpression(expression).problem).toBeUndefined();
      }),
    );
  });
});

describe('readApkLicence', () => {
  it.each([
    ['MIT', 'MIT'],
    ['apache-2.0 AND (MIT OR ISC)', 'Apache-2.0 AND (MIT OR ISC)'],
    ['GPL-2.0-or-later WITH GCC-exception-3.1', 'GPL-2.0-or-later WITH GCC-exception-3.1'],
  ])('the expression %j is %j', (field, expression) => {
    expect(readApkLicence(field, 'db')).toMatchObject({ expression, texts: [] });
  });

  it.each(['MIT BSD GPL2+', 'GPL', 'custom', 'GPL-2.0-only WITH my-exception', 'MIT and ISC'])(
    '%j stays as it is, as a text of its own',
    (field) => {
      const { expression, texts } = readApkLicence(field, 'db');
      expect(expression).toMatch(/^LicenseRef-[A-Za-z0-9.-]+$/);
      expect(texts).toEqual([{ id: expression, name: field, text: field }]);
    },
  );

  it('no field is no licence', () => {
    expect(readApkLicence(undefined, 'db').expression).toBeUndefined();
  });
});
