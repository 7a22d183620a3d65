// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/**
 * Refuses what is no number of bytes or things: not finite, a fraction, below the least, or past what numbers count exactly (2^53).
 * Types do not keep those out, and a plan that goes on until they are reached has no end.
 * @param what of a thing, for the message: `the size of an image`
 * @throws ImageError `out-of-range`
 */
export function assertAmount(what: string, amount: number, least = 0): void {
  if (Number.isSafeInteger(amount) && amount >= least) return;
  throw new ImageError('out-of-range', `${what}: ${amount} is no whole number of at least ${least}`);
}
