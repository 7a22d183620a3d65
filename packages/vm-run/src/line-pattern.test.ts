// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VmRunError } from './error.js';
import { linePattern } from './line-pattern.js';

/** Patterns of all that is taken, small enough for the matcher of the language to be quick with them. */
const { pattern: patterns } = fc.letrec<{ pattern: string; atom: string; piece: string }>((tie) => ({
  atom: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('a', 'b', '1', ' ', '.', 'é', '😀', '\\.', '\\[', '\\t') },
    fc.constantFrom(
      '\\d',
      '\\D',
      '\\w',
      '\\W',
      '\\s',
      '\\S',
      '[ab]',
      '[^a]',
      '[a-c1]',
      '[^\\d\\s]',
      '[\\Sx]',
      '[]',
      '[^]',
      '[a-]',
    ),
    { weight: 1, arbitrary: tie('pattern').map((inside) => `(${inside})`) },
    { weight: 1, arbitrary: tie('pattern').map((inside) => `(?:${inside})`) },
  ),
  piece: fc.oneof(
    { weight: 3, arbitrary: tie('atom') },
    fc
      .tuple(tie('atom'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{0,2}', '{1,}', '{0}'))
      .map((both) => both.join('')),
    fc.constantFrom('^', '$', '|'),
  ),
  pattern: fc
    .array(tie('piece'), { maxLength: 4, depthIdentifier: 'pattern' })
    .map((parts) => parts.join('')),
}));
const lines = fc
  .array(fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '[', '\t', '\r', '\u2028', 'é', '😀', '\ud83d', 'Z'), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));

function isLinePattern(source: string): boolean {
  try {
    linePattern(source);
    return true;
  } catch (error) {
    if (error instanceof VmRunError) return false;
    throw error;
  }
}

describe('a pattern over one line', () => {
  it('a pattern finds what the matcher of the language finds', () => {
    fc.assert(
      fc.property(patterns, lines, (pattern, line) => {
        fc.pre(isLinePattern(pattern)); // not, where counts multiply
        expect(linePattern(pattern)(line)).toBe(new RegExp(pattern, 'us').test(line));
      }),
      { numRuns: 2000 },
    );
  });

  it('a text is a pattern, or refused with a reason, whatever it is', () => {
    const text = fc.array(fc.constantFrom(...'ab(?:)[]^$|*+{2,}\\dbx1-=!<'), { maxLength: 12 });
    fc.assert(
      fc.property(text, (characters) => {
        const source = characters.join('');
        if (isLinePattern(source)) expect(() => new RegExp(source, 'u')).not.toThrow();
        else
          expect(() => linePattern(source)).toThrow(
            expect.objectContaining({ code: 'bad-pattern', kind: 'data' }),
          );
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['(a)\\1', /\\1, which is not taken/],
    ['a(?=b)', /a group of another kind/],
    ['(?<n>a)', /a group of another kind/],
    ['\\bword', /\\b, which is not taken/],
    ['a**', /a count behind a count/],
    ['*a', /a \* with nothing before it/],
    ['^*', /a count behind \^ or \$/],
    ['a{2', /a \{ that is no count/],
    ['a{3,2}', /the count \{3,2\}/],
    ['a{256}', /a count over 255/],
    ['(a', /a \( that is never closed/],
    ['a)', /a \) that nothing opens/],
    ['[a', /an end in the middle/],
    ['[b-a]', /a range that ends before it begins/],
    ['[\\d-z]', /a range from or to more than one character/],
    ['a\\', /an end in the middle/],
    ['(a{99}){99}', /more than 256 steps/],
    ['x'.repeat(513), /513 characters, expected at most 512/],
  ])('the pattern %s is refused', (source, message) => {
    expect(() => linePattern(source)).toThrow(message);
  });

  it.each(['(a+)+$', '(a|a)*b', '(a*)*b', '.*.*.*.*x', '(a?){60}a{60}$'])(
    'the pattern %s, with which others never end, takes the time of the line',
    (source) => {
      const finds = linePattern(source);
      const line = 'a'.repeat(20_000);
      const started = performance.now();
      expect(finds(`${line}!`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  it('an end and a start of a line are those of the whole line', () => {
    expect(linePattern('^login: $')('login: ')).toBe(true);
    expect(linePattern('^login: $')('host login: ')).toBe(false);
    expect(linePattern('^$')('')).toBe(true);
    expect(linePattern('a$')('a\n')).toBe(false);
  });
});
