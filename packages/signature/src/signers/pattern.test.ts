// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/keys.js';
import { assertSigner, matchesPatterns } from './pattern.js';

describe('matchesPatterns', () => {
  it.each<[string, string, boolean]>([
    ['alice@example.org', 'alice@example.org', true],
    ['ALICE@example.org', 'alice@example.org', false],
    ['bob@x,alice@example.org', 'alice@example.org', true],
    ['*@example.org', 'alice@example.org', true],
    ['al?ce@example.org', 'alice@example.org', true],
    ['*', 'anybody', true],
    ['*@example.org,!alice@example.org', 'alice@example.org', false],
    ['!alice@example.org,*@example.org', 'alice@example.org', false],
    ['*@example.org,!alice@example.org', 'bob@example.org', true],
    ['!bob@x', 'alice@example.org', false],
    ['a?', 'a', false],
    ['a?', 'aé', false],
    ['a??', 'aé', true],
    ['', 'a', false],
    ['[a-z]', 'a', false],
    ['a.c', 'abc', false],
  ])('the list %s and the name %s: %s', (list, name, fits) => {
    expect(matchesPatterns(list.split(','), name)).toBe(fits);
  });

  it('a pattern of stars and question marks fits exactly what its regular expression does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, name) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
        expect(matchesPatterns([pattern], name)).toBe(expected);
      }),
    );
  });

  it('many stars take no time', () => {
    expect(matchesPatterns([`${'*a'.repeat(2000)}*b`], 'a'.repeat(20_000))).toBe(false);
  });
});

describe('assertSigner', () => {
  it('one name is taken', () => {
    expect(['alice@example.org', 'bob smith', 'é'].map((name) => codeOf(() => assertSigner(name)))).toEqual([
      'done',
      'done',
      'done',
    ]);
  });

  it.each(['', '*', 'a?', '!a', 'a,b', 'a\nb', 'a\u200b'])('the name %j is refused', (name) => {
    expect(codeOf(() => assertSigner(name))).toBe('bad-signer');
  });
});
