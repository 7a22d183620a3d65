// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeName } from './index.js';
import { listedName } from './name.js';

const refusal = expect.objectContaining({ code: 'unsafe-name', kind: 'data', fix: expect.any(String) });

describe('names', () => {
  it('a name comes back from its bytes, whatever the script', () => {
    const character = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 });
    const safe = character.filter((text) => !/[\p{Cc}\p{Cf}\u2028\u2029/\\.]/u.test(text));
    fc.assert(
      fc.property(fc.array(safe, { minLength: 1 }), (characters) => {
        const text = characters.join('');
        expect(safeName(text)).toBe(text);
        expect(safeName(Buffer.from(text))).toBe(text);
        expect(listedName(Buffer.from(text).toString('latin1'))).toBe(text);
      }),
    );
  });

  it.each(['...', '.hidden', 'a.b', ' ', '-', 'ä', '漢', '😀', '\ufffd', '\u00a0', "'"])(
    'a name may be %j',
    (text) => {
      expect(safeName(text)).toBe(text);
      expect(safeName(Buffer.from(text))).toBe(text);
    },
  );

  it.each([
    ...['', '.', '..', '/', 'a/b', '/a', 'a/', 'a\\b', 'a\nb', 'a\r', '\0', '\x7f', '\x85', '\u2028'],
    ...['a\u200b', 'gpj.\u202eexe', 'a\u00adb', '\ufeffa', '👩\u200d🚀', '\u{e0041}a'],
  ])('a name may not be %j', (text) => {
    expect(() => safeName(text)).toThrow(refusal);
    expect(() => safeName(Buffer.from(text))).toThrow(refusal);
  });

  it.each([
    ['a byte that no character begins with', [0x61, 0xff]],
    ['another one, which would decode to the same text', [0x61, 0xfe]],
    ['a character cut short', [0xe6, 0xbc]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a slash in two bytes', [0xc0, 0xaf]],
  ])('a name may not hold %s', (_, bytes) => {
    const name = Buffer.from(bytes);
    expect(() => safeName(name)).toThrow(refusal);
    expect(listedName(name.toString('latin1'))).toEqual(name);
  });

  it('a name in UTF-16 that has no UTF-8 is not taken for another', () => {
    expect(() => safeName('a\ud800')).toThrow(refusal);
  });

  it('names are listed as a text that may be used, or as exactly their bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const name = listedName(Buffer.from(bytes).toString('latin1'));
        expect(Buffer.from(name)).toEqual(Buffer.from(bytes));
        if (typeof name === 'string') expect(safeName(name)).toBe(name);
        else expect(() => safeName(name)).toThrow(refusal);
      }),
    );
  });

  it('a refused name is shown on one line in the message, with its folder', () => {
    expect(() => safeName(Buffer.from('a\n\xff', 'latin1'), 'src/')).toThrow(/^src\/'a\\x0a\\xff': /);
  });
});
