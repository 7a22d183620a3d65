// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldedName } from './index.js';

it.each([
  ['another case', 'os.iso', 'OS.iso'],
  ['a letter whose capital is that of another', 'ſ', 's'],
  ['a capital that is no letter’s', 'ẞ', 'SS'],
  ['another composition', 'é', 'e\u0301'],
  ['a composed letter whose capital is none', '\u0390', '\u0399\u0308\u0301'],
  ['marks in another order', 'a\u0323\u0301', 'a\u0301\u0323'],
])('names are one that differ by %s', (_, one, other) => {
  expect(foldedName(one)).toBe(foldedName(other));
});

it('two names that no file system takes for one are folded to two texts', () => {
  const names = ['a', 'b', 'é', 'e', 'a.', 'a ', 'о', 'o', '1', '١'];
  expect(new Set(names.map(foldedName)).size).toBe(names.length);
});

it('every character is folded as each of its cases and compositions is', () => {
  // None beyond has a case.
  for (let code = 0; code < 0x2_0000; code++) {
    const text = String.fromCodePoint(code);
    const folded = foldedName(text);
    const isSame = [text.toUpperCase(), text.toLowerCase(), text.normalize('NFC'), folded].every(
      (each) => foldedName(each) === folded,
    );
    if (!isSame) expect.fail(`U+${code.toString(16)}`);
  }
});

it('a name that is composed or taken apart is folded to the same text, whatever its letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const folded = foldedName(text);
      expect(foldedName(text.normalize('NFC'))).toBe(folded);
      expect(foldedName(text.normalize('NFD'))).toBe(folded);
      expect(foldedName(folded)).toBe(folded);
    }),
  );
});
