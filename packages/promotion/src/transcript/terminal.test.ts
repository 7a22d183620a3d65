// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hiddenIn, shownText } from './terminal.js';

it.each([
  ['colours and cursor movements', 'a\x1b[1;31mb\x1b[0m\x1b[2Kc'],
  ['the title of a window', 'a\x1b]0;SECRET\x07bc'],
  ['a link', 'a\x1b]8;;http://SECRET\x1b\\bc'],
  ['a string of device control', 'ab\x1bPSECRET\x1b\\c'],
  ['a string of a program', 'ab\x1b_SECRET\x1b\\c'],
  ['a private message', 'ab\x1b^SECRET\x1b\\c'],
  ['a string', 'ab\x1bXSECRET\x1b\\c'],
  ['a string that the next escape ends', 'ab\x1bPSECRET\x1b[0mc'],
  ['a choice of characters', 'a\x1b(Bb\x1b[m\x1b%Gc'],
  ['escapes of two characters', '\x1b=a\x1b7b\x1bMc\x1bc'],
  ['what was deleted', 'ax\bbyz\b\bc'],
  ['returns of the carriage', 'abc\r'],
])('%s are not shown', (_, raw) => {
  expect(shownText(raw)).toBe('abc');
});

it('a string that nothing ends hides what comes behind it', () => {
  expect(shownText('abc\x1bP SECRET\nmore')).toBe('abc');
});

it.each([
  ['\x1b[8mSECRET', /concealed/],
  ['\x1b[1;08;4mSECRET', /concealed/],
  ['\x1b[38;5;8;8mSECRET', /concealed/],
  ['\u009b8mSECRET', /U\+009B/],
])('text that nobody saw is named: %j', (raw, what) => {
  expect(hiddenIn(raw)).toMatch(what);
});

it.each([
  '\x1b[38;5;8mgrey',
  '\x1b[48;2;8;8;8mgrey',
  '\x1b[38;5;8;1mgrey',
  '\x1b[28m',
  '\x1b[18m',
  '\x1b[8A',
  'äö€',
])('text in a colour hides nothing: %j', (raw) => {
  expect(hiddenIn(raw)).toBeUndefined();
});

it('text without controls is shown as it is, whatever escapes stand between its parts', () => {
  const sequence = fc.constantFrom(
    '\x1b[1m',
    '\x1b[0;38;5;200m',
    '\x1b]2;t\x07',
    '\x1bPq\x1b\\',
    '\x1b(B',
    '\x1b>',
  );
  const word = fc.stringMatching(/^[ -~]*$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(word, sequence)), (parts) => {
      expect(shownText(parts.flat().join(''))).toBe(parts.map(([text]) => text).join(''));
    }),
  );
});
