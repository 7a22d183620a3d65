// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeName, encodeName } from './index.js';

const refusal = expect.objectContaining({ code: 'unsafe-name', kind: 'data', fix: expect.any(String) });

describe('names', () => {
  it('come back from their bytes, whatever the script', () => {
    const character = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 });
    const safe = character.filter((text) => !/[\p{Cc}\u2028\u2029/\\.]/u.test(text));
    fc.assert(
      fc.property(fc.array(safe, { minLength: 1 }), (characters) => {
        const text = characters.join('');
        expect(decodeName(encodeName(text))).toBe(text);
      }),
    );
  });

  it.each(['...', '.hidden', 'a.b', ' ', '-', 'ä', '漢', '😀', '\ufffd', '\u00a0', "'", 'a b\u200b'])(
    'may be %j',
    (text) => expect(decodeName(encodeName(text))).toBe(text),
  );

  it.each(['', '.', '..', '/', 'a/b', '/a', 'a/', 'a\\b', 'a\nb', 'a\r', '\0', '\x7f', '\x85', '\u2028'])(
    'may not be %j',
    (text) => {
      expect(() => decodeName(Buffer.from(text))).toThrow(refusal);
      expect(() => encodeName(text)).toThrow(refusal);
    },
  );

  it.each([
    ['a byte that no character begins with', [0x61, 0xff]],
    ['another one, which would decode to the same text', [0x61, 0xfe]],
    ['a character cut short', [0xe6, 0xbc]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a slash in two bytes', [0xc0, 0xaf]],
  ])('may not hold %s', (_, bytes) => {
    expect(() => decodeName(Buffer.from(bytes))).toThrow(refusal);
  });

  it('of UTF-16 without UTF-8 are not taken for another', () => {
    expect(() => encodeName('a\ud800')).toThrow(refusal);
  });

  it('are shown on one line in what refuses them, with their folder', () => {
    expect(() => decodeName(Buffer.from('a\n\xff', 'latin1'), 'src/')).toThrow(/^src\/'a\\x0a\\xff': /);
  });
});
