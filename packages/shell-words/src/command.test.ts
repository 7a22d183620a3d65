// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCommand, parseCommand, quote, quoteWord, ShellWordError } from './index.js';

/** Any text without control and invisible characters: what a command may carry. */
const words = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text));

describe('formatCommand', () => {
  it('formatCommand leaves plain words alone and quotes the rest', () => {
    expect(formatCommand(['dd', 'if=/a b', '-x', '', "it's", '$HOME'])).toBe(
      "dd 'if=/a b' -x '' 'it'\\''s' '$HOME'",
    );
  });

  it('the value of an operand is always quoted', () => {
    expect(formatCommand(['sudo', 'dd', { name: 'if', value: '/tmp/a.iso' }])).toBe(
      "sudo dd if='/tmp/a.iso'",
    );
  });

  it('the command name is never an assignment or a reserved word', () => {
    expect(formatCommand(['A=1', 'x'])).toBe("'A=1' x");
    expect(formatCommand(['if'])).toBe("'if'");
  });

  it.each([
    'a\nb',
    'a\tb',
    '\u001b[2J',
    'a\0',
    '\u0085',
    '\u2028',
    '\ud800',
    'gpj\u202e',
    'a\u200bb',
    '\u2066',
    '\ufeff',
    'a\u00ad',
    '\u{e0041}',
  ])('a word %j is refused', (word) => {
    expect(() => formatCommand(['echo', word])).toThrow(ShellWordError);
    expect(() => quote(word)).toThrow(ShellWordError);
    expect(() => quoteWord(word)).toThrow(ShellWordError);
  });

  it('a refused word is shown on one line, plain and cut', () => {
    expect(() => quote(`a\u202e\u{e0041}${'\0'.repeat(5000)}`)).toThrow(
      /^"a\\u202e\\u\{e0041\}(\\u0000){14}…": expected no control or invisible characters in a command$/,
    );
  });

  it('a formatted command is read back as the same words', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), (argv) => {
        expect(parseCommand(formatCommand(argv))).toEqual(argv);
      }),
    );
  });
});

describe('parseCommand', () => {
  it('quotes, backslashes and plain text are joined into words', () => {
    expect(parseCommand(`a'b c'"d \\$ \\x"\\ e  f ''`)).toEqual(['ab cd $ \\x e', 'f', '']);
  });

  it.each([
    'a; b',
    'a | b',
    'a > b',
    '$x',
    '`x`',
    '"$x"',
    "'open",
    '"open',
    'a*',
    '~',
    '# c',
    'a\nb',
    'a &',
    '(a)',
    'a \\',
  ])('the line %j, which asks a shell for more, is refused', (line) => {
    expect(() => parseCommand(line)).toThrow(ShellWordError);
  });

  it.each([
    ['in double quotes', (text: string) => `"${text}"`],
    ['in single quotes', (text: string) => `'${text}'`],
    ['without quotes', (text: string) => text],
  ])('a word of any length is read %s', (_, quoted) => {
    const long = 'a'.repeat(16 << 20);
    expect(parseCommand(quoted(long))[0] === long).toBe(true);
  });

  it('a long word whose quotes are left open is refused', () => {
    expect(() => parseCommand(`"${'a'.repeat(16 << 20)}`)).toThrow(ShellWordError);
  });
});
