// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { commit, sourceProblem, tagObject } from './source.js';

const HEX = '0123456789abcdef0123456789abcdef01234567';

it.each(['', 'abc1234', HEX.toUpperCase(), `${HEX}0`, ` ${HEX}`, 'none', 'HEAD'])(
  'the commit %j is refused, for it is not whole',
  (text) => {
    expect(commit.read(text)).toBeUndefined();
  },
);

it('a commit has 40 or 64 digits, or is unknown; the object of a tag may be none as well', () => {
  for (const text of [HEX, HEX + HEX.slice(0, 24), 'unknown']) {
    expect(commit.read(text)).toEqual({ value: text });
    expect(tagObject.read(text)).toEqual({ value: text });
  }
  expect(tagObject.read('none')).toEqual({ value: 'none' });
});

it('a source contradicts itself where tag and object are not there together, or the commit of an object is unknown', () => {
  const source = (sourceTag: string, sourceTagObject: string, sourceCommit = HEX) =>
    sourceProblem({ sourceTag, sourceTagObject, sourceCommit });
  expect(source('none', 'none')).toBeUndefined();
  expect(source('v1', 'unknown')).toBeUndefined();
  expect(source('v1', HEX)).toBeUndefined();
  expect(source('v1', 'none')).toMatch(/none without a tag/);
  expect(source('none', HEX)).toMatch(/none without a tag/);
  expect(source('v1', HEX, 'unknown')).toMatch(/not the commit/);
});
