// SPDX-License-Identifier: Apache-2.0
import type { GlobalParameters } from 'fast-check';

/** The seed where `FC_SEED` names none, so that a run of the suite says the same twice. */
export const DEFAULT_SEED = 20_260_101;

/**
 * Returns how fast-check runs the properties of one test.
 * @param choice what `FC_SEED` says: a whole number of 32 bits, `random` for another seed in every property, or
 *   nothing for the seed that is always the same
 * @param testTimeoutMs what the test may take. Running and shrinking end before that, and one case that hangs ends
 *   well before, so that what is reported is the property with its seed and its counterexample, not the time limit
 * @throws Error for a seed that is none
 */
export function propertyParameters(choice: string | undefined, testTimeoutMs: number): GlobalParameters {
  const seed = choice === 'random' ? {} : { seed: seedOf(choice) };
  // A debugger takes the limit away: 0.
  if (testTimeoutMs === 0 || testTimeoutMs === Number.POSITIVE_INFINITY) return seed;
  return {
    ...seed,
    timeout: Math.floor(testTimeoutMs / 4),
    interruptAfterTimeLimit: Math.floor(testTimeoutMs * 0.8),
    markInterruptAsFailure: true,
  };
}

function seedOf(choice: string | undefined): number {
  if (choice === undefined || choice === '') return DEFAULT_SEED;
  const seed = Number(choice);
  if (/^-?\d+$/.test(choice) && seed === (seed | 0)) return seed;
  throw new Error(`FC_SEED: expected a whole number of 32 bits or "random", found ${JSON.stringify(choice)}`);
}
