// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';

/**
 * The longest path a hash list holds, in bytes of UTF-8: PATH_MAX of Linux, 4096, less the NUL that ends it. `sha256sum
 * -c` could open no file by a longer one.
 */
export const MAX_PATH_BYTES = 4095;

/**
 * Paths in which nothing is wrong, as nearly all are: names of printable ASCII that begin with no dot. To look for one
 * thing after the other would be felt in a million.
 */
const PLAIN = /^[ -\-0-[\]-~][ -.0-[\]-~]*(?:\/[ -\-0-[\]-~][ -.0-[\]-~]*)*$/;

/**
 * Returns why `path` cannot stand in a hash list, or undefined where it can: project-relative, `/` between names, no
 * control character, no backslash, no `.` and no `..`, so that every reader finds the same file under it.
 */
export function pathProblem(path: string): string | undefined {
  if (path.length <= MAX_PATH_BYTES && PLAIN.test(path)) return undefined;
  if (path === '') return 'is empty';
  if (path.startsWith('/')) return 'is absolute';
  if (path.includes('\\')) return 'holds a backslash';
  if (!isPlainText(path)) return 'holds a control or invisible character, or no valid text';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `is longer than ${MAX_PATH_BYTES} bytes`;
  const names = path.split('/');
  if (names.includes('')) return 'has an empty name in it';
  return names.some((name) => name === '.' || name === '..') ? 'has a . or .. in it' : undefined;
}

/**
 * Compares paths by their bytes in UTF-8, which is the order of code points. JavaScript compares
 * UTF-16, where the halves of a character beyond U+FFFF come before U+E000.
 */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

/** Returns a code unit's place in the order of code points: surrogates stand behind all the rest. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
