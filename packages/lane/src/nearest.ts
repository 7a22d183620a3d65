// SPDX-License-Identifier: Apache-2.0

/** A longer word is no slip of any name. */
const MAX_WORD = 80;
/** More than this is a list, not a hint. */
const MAX_NAMES = 3;

/**
 * Returns the names that a word may have been meant for, nearest first and at most three: those that differ from it by
 * no more than a third of their letters, then those that it is a whole part of, as `usb` is of `usb-write-command`.
 */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  if (word === '' || word.length > MAX_WORD) return [];
  const ranked = names
    .map((name) => ({ name, distance: editDistance(word, name) }))
    .filter(({ name, distance }) => distance <= name.length / 3)
    .sort((a, b) => a.distance - b.distance)
    .map(({ name }) => name);
  const around = names.filter((name) => `-${name}-`.includes(`-${word}-`));
  return [...new Set([...ranked, ...around])].slice(0, MAX_NAMES);
}

/**
 * Returns how many single letters have to be put in, left out or changed, or neighbours be swapped, to make one word of
 * another (the optimal string alignment distance).
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          (above[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (above[j - 1] ?? 0) + same,
          swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}
