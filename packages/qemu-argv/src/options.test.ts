// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOptions, imageFile, parseOptions } from './index.js';

/** Paths made mostly of what option strings give a meaning to. */
const paths = fc
  .array(fc.oneof(fc.constantFrom(',', '=', ':', '/', '-', '.', "'", '$', ' '), fc.string()), {
    minLength: 1,
  })
  .map((parts) => parts.join(''));

describe('formatOptions', () => {
  it('formatOptions doubles commas in values and leaves the rest alone', () => {
    expect(formatOptions('file', ['id', 'a'], ['path', "/a,b=c:d 'e'"], ['n', 3])).toBe(
      "file,id=a,path=/a,,b=c:d 'e',n=3",
    );
  });

  it('a path in an option string is read back as it was, whatever is in it and around it', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const text = formatOptions('file', ['path', path], ['append', 'off']);
        expect(parseOptions(text)).toEqual([
          ['file', ''],
          ['path', path],
          ['append', 'off'],
        ]);
      }),
    );
  });
});

describe('parseOptions', () => {
  it('parseOptions is the inverse of formatOptions for whatever has no empty part', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_.-]*$/), fc.string())), (options) => {
        expect(parseOptions(formatOptions(...options))).toEqual(options);
      }),
    );
  });
});

describe('imageFile', () => {
  it.each([
    ['fo:o.img', './fo:o.img'],
    ['json:{}', './json:{}'],
    ['-a:b/c', './-a:b/c'],
    [':', './:'],
    ['a/b:c', 'a/b:c'],
    ['/a:b', '/a:b'],
    ['./a:b', './a:b'],
    ['-x.img', '-x.img'],
  ])('the path %s becomes %s in file=', (path, expected) => expect(imageFile(path)).toBe(expected));

  it('a path in file= never has a colon before the first slash', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const colon = imageFile(path).indexOf(':');
        const slash = imageFile(path).indexOf('/');
        expect(colon < 0 || (slash >= 0 && slash < colon)).toBe(true);
      }),
    );
  });

  it('options of any length are taken apart', () => {
    const long = 'a'.repeat(16 << 20);
    expect(parseOptions(`b=${long}`)[0]?.[1] === long).toBe(true);
    expect(parseOptions(`b=${',,'.repeat(8 << 20)}`)[0]?.[1].length).toBe(8 << 20);
  });

  it.each([
    [
      'a=b,,c,d',
      [
        ['a', 'b,c'],
        ['d', ''],
      ],
    ],
    [
      'a,,,b',
      [
        ['a,', ''],
        ['b', ''],
      ],
    ],
    [',a,', [['a', '']]],
    [',,', [[',', '']]],
    ['', []],
  ])('the options %j are taken apart at single commas', (text, expected) => {
    expect(parseOptions(text)).toEqual(expected);
  });
});
