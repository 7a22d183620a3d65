// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFinder } from './finder.js';

describe('the finder', () => {
  const anchors = ['KIA', 'hp_', 'ho_', '\0\0\0', '\xff\x80\x7f', 'aab', 'aba', 'VATE KE', 'xyz', 'npm'].map(
    (text) => Buffer.from(text, 'latin1'),
  );
  /** A set of characters that is small enough to hit and nearly hit all the time. */
  const unit = fc.constantFrom(
    'K',
    'I',
    'A',
    'h',
    'o',
    'p',
    '_',
    '\0',
    '\xff',
    '\x80',
    '\x7f',
    'a',
    'b',
    'V',
    'T',
  );

  it('the finder passes over no place where an anchor begins, wherever it is asked from', () => {
    const finder = createFinder(anchors, 100);
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 100 }), fc.nat(100), (text, start) => {
        const from = Math.min(start, text.length);
        finder.data.fill('K');
        finder.data.write(text, 'latin1');
        const found: number[] = [];
        for (
          let at = finder.find(from, text.length);
          at < text.length;
          at = finder.find(at + 1, text.length)
        ) {
          expect(at).toBeGreaterThanOrEqual(found.at(-1) ?? from);
          found.push(at);
        }
        for (let at = from; at < text.length; at++) {
          if (anchors.some((anchor) => text.startsWith(anchor.toString('latin1', 0, 3), at)))
            expect(found).toContain(at);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the finder finds nothing where no byte is in its place', () => {
    const finder = createFinder([Buffer.from('abc')], 1000);
    finder.data.fill('z');
    expect(finder.find(0, 1000)).toBeGreaterThanOrEqual(1000);
    finder.data.write('abc', 996);
    expect(finder.find(0, 1000)).toBe(996);
    expect(finder.find(997, 1000)).toBeGreaterThanOrEqual(1000);
  });
});
