// SPDX-License-Identifier: Apache-2.0
import type { CodePoints } from './syntax.js';

const LAST = 0x10ffff;

/** Every code point. */
export const ANY: CodePoints = { negated: true, ranges: [] };

const DIGIT: CodePoints['ranges'] = [[0x30, 0x39]];
const WORD: CodePoints['ranges'] = [...DIGIT, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** White space as ECMAScript has it (ECMA-262, 22.2.2.9 and 12.2). */
const SPACE: CodePoints['ranges'] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const NAMED: Readonly<Record<string, CodePoints>> = {
  d: { negated: false, ranges: DIGIT },
  D: { negated: true, ranges: DIGIT },
  w: { negated: false, ranges: WORD },
  W: { negated: true, ranges: WORD },
  s: { negated: false, ranges: SPACE },
  S: { negated: true, ranges: SPACE },
};

/** Returns the set that a letter behind a backslash names, as `d` does all digits; undefined for any other letter. */
export function classNamed(letter: string): CodePoints | undefined {
  return Object.hasOwn(NAMED, letter) ? NAMED[letter] : undefined;
}

/** Returns the set of one code point. */
export function only(codePoint: number): CodePoints {
  return { negated: false, ranges: [[codePoint, codePoint]] };
}

/** Returns the ranges of a set, without negation. */
export function rangesOf({ negated, ranges }: CodePoints): CodePoints['ranges'] {
  if (!negated) return ranges;
  const rest: [number, number][] = [];
  let next = 0;
  for (const [first, last] of ranges.toSorted(([a], [b]) => a - b)) {
    if (first > next) rest.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= LAST) rest.push([next, LAST]);
  return rest;
}

/** Returns whether a set has that code point. */
export function has({ negated, ranges }: CodePoints, codePoint: number): boolean {
  return ranges.some(([first, last]) => first <= codePoint && codePoint <= last) !== negated;
}
