// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealError } from './index.js';
import { comparePaths, pathProblem } from './path.js';
import { compilePattern } from './pattern.js';

describe('a path', () => {
  it.each([
    ['', 'is empty'],
    ['/a', 'is absolute'],
    ['a//b', 'has an empty name in it'],
    ['a/', 'has an empty name in it'],
    ['.', 'has a . or .. in it'],
    ['a/./b', 'has a . or .. in it'],
    ['../a', 'has a . or .. in it'],
    ['a/..', 'has a . or .. in it'],
    ['a\\b', 'holds a backslash'],
    ['a\nb', 'holds a control or invisible character, or no valid text'],
    ['a\u0085b', 'holds a control or invisible character, or no valid text'],
    ['a\u202eb', 'holds a control or invisible character, or no valid text'],
    ['a\ud800b', 'holds a control or invisible character, or no valid text'],
    ['a'.repeat(4096), 'is longer than 4095 bytes'],
    ['€'.repeat(1366), 'is longer than 4095 bytes'],
  ])('the path %j is refused, as it %s', (path, problem) => {
    expect(pathProblem(path)).toBe(problem);
  });

  it.each(['a', '.a', '..a', 'a..', 'a/.b/...', 'ä/b c', '😀', 'a'.repeat(4095), '€'.repeat(1365)])(
    '%j is a path that a hash list can hold',
    (path) => {
      expect(pathProblem(path)).toBeUndefined();
    },
  );

  it('paths are ordered by their bytes in UTF-8, and not by their code units', () => {
    // U+E000 and U+FF5E stand before any character beyond U+FFFF, whose code units are smaller.
    expect(['😀', '\ue000', '～', 'z', 'a/b', 'a-b', 'a'].sort(comparePaths)).toEqual([
      'a',
      'a-b',
      'a/b',
      'z',
      '\ue000',
      '～',
      '😀',
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(comparePaths(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('a pattern', () => {
  const matches = (pattern: string, path: string, isFolder = false) =>
    compilePattern(pattern)({ path, name: path.slice(path.lastIndexOf('/') + 1), isFolder });

  it.each<[string, string[], string[]]>([
    ['a.txt', ['a.txt', 'b/a.txt', 'a.txt/'], ['xa.txt', 'a.txt/b', 'A.txt']],
    ['*.log', ['x.log', '.log', 'a/b.log', 'x.log/'], ['x.log2', 'log']],
    ['x*', ['x', 'xy', 'a/xy'], ['ax']],
    ['a*a', ['aa', 'aba'], ['a', 'ab']],
    ['*', ['a', 'a/b', 'c/'], []],
    ['dist/', ['dist/', 'a/dist/'], ['dist', 'a/dist', 'dist2/']],
    ['a/dist/', ['a/dist/'], ['dist/', 'b/a/dist/', 'a/dist']],
    ['a/b.txt', ['a/b.txt'], ['b.txt', 'c/a/b.txt']],
    ['a/*.txt', ['a/b.txt', 'a/.txt'], ['a/b/c.txt', 'b.txt']],
    ['a/*/', ['a/b/'], ['a/b', 'a/b/c/']],
  ])('the pattern %j stands for %j and not for %j', (pattern, good, bad) => {
    const ask = (path: string) => matches(pattern, path.replace(/\/$/, ''), path.endsWith('/'));
    expect(good.filter((path) => !ask(path))).toEqual([]);
    expect(bad.filter(ask)).toEqual([]);
  });

  it.each(['', '/', '//', '**', 'a*b*', '/a', 'a//b', './a', 'a/..', 'a\\b', 'a\tb', 'a/./b'])(
    '%j is refused as a pattern',
    (pattern) => {
      expect(() => compilePattern(pattern)).toThrow(SealError);
    },
  );
});
