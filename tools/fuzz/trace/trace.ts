// SPDX-License-Identifier: Apache-2.0
/**
 * What instrumented code tells while it runs: which branches it took, and what it compared. Counted work is what bounds a
 * reader here, and not time: a slow machine finds the same as a quick one.
 */

/** A pair that was compared and differs. */
export type Compared = readonly [left: number | bigint | string, right: number | bigint | string];

const PAIRS = 256;
const counts = new Uint8Array(1 << 16);
const touched: number[] = [];
const pairs: Compared[] = [];
let at = 0;
let steps = 0;
let limit = Number.POSITIVE_INFINITY;

/** Thrown into a reader that takes more steps than its input is worth. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch';
}

/** Begins to count anew. */
export function beginTrace(maxSteps: number): void {
  for (const index of touched) counts[index] = 0;
  touched.length = 0;
  pairs.length = 0;
  at = 0;
  steps = 0;
  limit = maxSteps;
}

/** Returns what was counted since: the branches, how often each was taken, and how many steps that were in all. */
export function traced() {
  return { touched, counts, pairs, steps, isTooMuch: steps > limit };
}

/** Counts a branch. It throws again and again where a reader catches what it throws. */
function hit(index: number): void {
  if (++steps > limit) throw new TooMuch(`more than ${limit} steps`);
  const count = counts[index] as number;
  if (count === 0) touched.push(index);
  if (count < 255) counts[index] = count + 1;
}

type Known = (left: unknown, right: unknown) => void;

const note: Known = (left, right) => {
  const kind = typeof left;
  if (kind !== typeof right || (kind !== 'number' && kind !== 'string' && kind !== 'bigint')) return;
  pairs[at++ % PAIRS] = [left, right] as unknown as Compared;
};

/** Compares as `===` does, and keeps what differs. */
function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  note(left, right);
  return false;
}

Object.assign(globalThis, { __fuzzHit: hit, __fuzzSame: same });
