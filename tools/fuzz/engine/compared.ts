// SPDX-License-Identifier: Apache-2.0
import type { Compared } from '../trace/trace.js';
import type { Random } from './random.js';

/** Returns how a value may stand in an input, kind by kind; undefined where it does not fit. */
function spellings(value: Compared[number]): (Buffer | undefined)[] {
  if (typeof value === 'string') return [Buffer.from(value), Buffer.from(value, 'latin1')];
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return [];
  const whole = BigInt(value);
  const digits = Buffer.from(String(whole));
  const binary = [1, 2, 4, 8].flatMap((width) => {
    if (BigInt.asUintN(8 * width, whole) !== whole) return [undefined, undefined];
    const big = Buffer.from(whole.toString(16).padStart(2 * width, '0'), 'hex');
    return [big, Buffer.from(big).reverse()];
  });
  return [...binary, digits];
}

/**
 * Puts what a reader would have had in the place of what it found, where the input holds that: a checksum that is wrong
 * becomes right, a word becomes the one that it was compared with. Returns the input itself where there is nothing to put.
 */
export function meetComparison(
  bytes: Buffer,
  pairs: readonly Compared[],
  random: Random,
  maxBytes: number,
): Buffer {
  const [left, right] = random.pick(pairs);
  const [found, wanted] = random.below(2) === 0 ? [left, right] : [right, left];
  const [from, to] = [spellings(found), spellings(wanted)];
  const first = random.below(Math.max(1, from.length));
  for (let step = 0; step < from.length; step++) {
    const index = (first + step) % from.length;
    const [old, put] = [from[index], to[index]];
    if (old === undefined || old.length === 0 || put === undefined) continue;
    const start = random.below(Math.max(1, bytes.length));
    const behind = bytes.indexOf(old, start);
    const at = behind >= 0 ? behind : bytes.indexOf(old);
    if (at < 0 || bytes.length - old.length + put.length > maxBytes) continue;
    return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + old.length)]);
  }
  return bytes;
}
