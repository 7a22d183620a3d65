// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeControls, isPlainText, quoteText } from './index.js';

/** Every code point but the surrogates, which are only halves of one. */
const EVERY = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(
  (code) => code < 0xd800 || code > 0xdfff,
);

describe('isPlainText', () => {
  it('isPlainText refuses controls, format characters, line and paragraph separators, and nothing else', () => {
    const refused = EVERY.map((code) => String.fromCodePoint(code)).filter((text) => !isPlainText(text));
    expect(refused.filter((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))).toEqual([]);
    const hidden = EVERY.filter((code) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(String.fromCodePoint(code)));
    expect(refused).toHaveLength(hidden.length);
  });

  it.each([
    ['a soft hyphen', '\u00ad'],
    ['an Arabic letter mark', '\u061c'],
    ['a zero width space', '\u200b'],
    ['a zero width joiner', '\u200d'],
    ['a right-to-left override', '\u202e'],
    ['an isolate', '\u2066'],
    ['a word joiner', '\u2060'],
    ['a byte order mark', '\ufeff'],
    ['a tag', '\u{e0041}'],
    ['a family, which is joined', '👨\u200d👩\u200d👧'],
    ['half a surrogate pair', '\ud83d'],
  ])('%s is not plain text', (_, text) => {
    expect(isPlainText(`a${text}b`)).toBe(false);
  });

  it.each([
    ['letters of any script', 'Straße naïve שלום Ελλάδα 日本語 हिन्दी'],
    ['an accent of its own', 'e\u0301'],
    ['an emoji', '🚀'],
    ['a no-break space', 'a\u00a0b'],
    ['private use', '\uf8ff'],
    ['the replacement character', '\ufffd'],
    ['what is not assigned', '\u0378'],
  ])('%s is plain text', (_, text) => {
    expect(isPlainText(text)).toBe(true);
  });
});

describe('quoteText', () => {
  it('a quoted text is plain and short, and JSON where it is short already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const quoted = quoteText(text);
        expect(isPlainText(quoted)).toBe(true);
        expect(quoted.length).toBeLessThanOrEqual(103);
        if (quoted.length < 80 && isPlainText(text)) expect(JSON.parse(quoted)).toBe(text);
      }),
    );
  });

  it('a long text is cut between characters', () => {
    expect(quoteText('\0'.repeat(5000))).toBe(`"${'\\u0000'.repeat(16)}…"`);
    expect(quoteText('a"\\\u202e\u{e0041}')).toBe('"a\\"\\\\\\u202e\\u{e0041}"');
  });
});

describe('escapeControls', () => {
  it('escapeControls makes any text plain, and leaves plain text alone', () => {
    const units = fc.constantFrom(
      'a',
      'é',
      '😀',
      '\n',
      '\u001b',
      '\u007f',
      '\u009b',
      '\u2028',
      '\u202e',
      '\u{e0041}',
      '\ud800',
      '\udc00',
    );
    fc.assert(
      fc.property(fc.string({ unit: units, maxLength: 12 }), (text) => {
        expect(isPlainText(escapeControls(text))).toBe(true);
        if (isPlainText(text)) expect(escapeControls(text)).toBe(text);
      }),
    );
  });

  it('an escaped text shows what was there', () => {
    expect(escapeControls('a\n\u009b2J\u2028\ud800z\u202e\u{e0041}')).toBe(
      'a\\u000a\\u009b2J\\u2028\\ud800z\\u202e\\u{e0041}',
    );
  });
});
