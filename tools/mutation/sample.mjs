// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The number of lines that a sample takes or leaves at a time: most statements fit. */
const WINDOW_LINES = 12;

/**
 * Returns what StrykerJS shall mutate of a package: its sources, or a share of the lines of each.
 * @param {string} name of the folder in `packages`
 * @param {number} share from 0 to 1; the same share takes the same lines each time
 * @returns {string[]} patterns of paths, with `:<first>-<last>` lines where it is a sample
 */
export function mutatedLines(name, share) {
  const folder = join('packages', name, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|\/)(index\.ts$|testing\/)/.test(file))
    .map((file) => join(folder, file))
    .sort();
  if (share >= 1) return files;
  const random = createRandom(20_260_101);
  return files.flatMap((file) => {
    const lines = readFileSync(file, 'utf8').split('\n').length;
    const starts = Array.from(
      { length: Math.ceil(lines / WINDOW_LINES) },
      (_, index) => index * WINDOW_LINES,
    );
    return starts
      .filter(() => random() < share)
      .map((start) => `${file}:${start + 1}-${Math.min(start + WINDOW_LINES, lines)}`);
  });
}

/**
 * Makes a generator of numbers from 0 to 1: the linear congruence of ISO C's example.
 * @param {number} seed
 * @returns {() => number}
 */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}
