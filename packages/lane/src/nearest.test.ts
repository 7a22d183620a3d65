// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, nearestNames } from './nearest.js';

const NAMES = ['inspect', 'os-image-inspect', 'os-image-usb-write-command', 'seal', 'status', 'verify'];
const words = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 });

it.each([
  ['inspct', ['inspect']],
  ['insepct', ['inspect']],
  ['sela', ['seal']],
  ['usb-write', ['os-image-usb-write-command']],
  ['image', ['os-image-inspect', 'os-image-usb-write-command']],
  ['xyzzy', []],
  ['', []],
  ['x'.repeat(100_000), []],
])('the word %j may have been meant for %j', (word, expected) => {
  expect(nearestNames(word, NAMES)).toEqual(expected);
});

it('no word is told more than three names', () => {
  const names = Array.from({ length: 9 }, (_, index) => `name-${index}`);
  expect(nearestNames('name-x', names)).toHaveLength(3);
});

it('the distance of two words is that of both ways, and 0 of a word and itself alone', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

it('one letter more, one less, another one and two that are swapped are one step each', () => {
  for (const slip of ['statuss', 'statu', 'statos', 'sttaus']) expect(editDistance(slip, 'status')).toBe(1);
});
