// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigest } from './digest.js';
import { EvidenceError, formatChecksumLine, formatDigest, isPlainText, parseChecksums } from './index.js';

const HEX = '0123456789abcdef'.repeat(4);
const BAD = ['', HEX.slice(1), `${HEX}0`, HEX.toUpperCase(), ` ${HEX}`, `${HEX}\n`, `g${HEX.slice(1)}`];
const hexes = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((name) => name !== '-' && !name.includes('\\') && isPlainText(name));

describe('digests', () => {
  it('a digest is read back as it was written', () => {
    fc.assert(
      fc.property(hexes, (hex) => {
        expect(parseDigest(formatDigest(hex))).toBe(hex);
      }),
    );
    expect(formatDigest(HEX)).toBe(`sha256:${HEX}`);
  });

  it.each(BAD)('the digits %j are refused as no SHA-256', (hex) => {
    expect(() => formatDigest(hex)).toThrow(EvidenceError);
    expect(() => parseDigest(`sha256:${hex}`)).toThrow(EvidenceError);
  });

  it.each(['sha512:', 'SHA256:', 'sha256 ', ''])('a digest with the prefix %j is refused', (prefix) => {
    expect(() => parseDigest(prefix + HEX)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });
});

describe('checksum lines', () => {
  it('a checksum file is read back as it was written', () => {
    const entries = fc.uniqueArray(fc.record({ hex: hexes, name: names }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(entries, (list) => {
        const text = list.map(({ hex, name }) => formatChecksumLine(hex, name)).join('');
        expect(parseChecksums(text)).toEqual(list);
      }),
    );
  });

  it.each(['', 'a\nb', 'a\r', 'a\\b', 'a\0', 'a\tb', '\u001b', '\ud800', '-'])(
    'a name %j, which sha256sum would not take as it stands, is refused',
    (name) => {
      expect(() => formatChecksumLine(HEX, name)).toThrow(expect.objectContaining({ code: 'bad-value' }));
      expect(() => parseChecksums(`${HEX}  ${name}\n`)).toThrow(EvidenceError);
    },
  );

  it.each([
    ['nothing', ''],
    ['no last LF', `${HEX}  a`],
    ['one space', `${HEX} a\n`],
    ['a binary mark', `${HEX} *a\n`],
    ['an escaped line', `\\${HEX}  a\n`],
    ['a blank line', `${HEX}  a\n\n`],
    ['a comment', `# made by hand\n${HEX}  a\n`],
    ['a capital digest', `${HEX.toUpperCase()}  a\n`],
    ['the BSD form', `SHA256 (a) = ${HEX}\n`],
    ['one name twice', `${HEX}  a\n${'0'.repeat(64)}  a\n`],
  ])('a checksum file with %s is refused', (_, text) => {
    expect(() => parseChecksums(text)).toThrow(EvidenceError);
  });

  it('an error in a checksum file names its line', () => {
    expect(() => parseChecksums(`${HEX}  a\nx\n`)).toThrow(
      expect.objectContaining({ code: 'bad-line', line: 2 }),
    );
  });
});
