// SPDX-License-Identifier: Apache-2.0
import type { Compared } from '../trace/trace.js';
import type { Random } from './random.js';

/** Returns how a value may stand in an input: in both orders of bytes, and in digits. */
function spellings(value: Compared[number]): Buffer[] {
  if (typeof value === 'string')
    return value === '' ? [] : [Buffer.from(value), Buffer.from(value, 'latin1')];
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return [];
  const whole = BigInt(value);
  if (whole < 0n) return [Buffer.from(String(whole))];
  const hex = whole.toString(16);
  const binary = [2, 4, 8]
    .filter((width) => hex.length <= 2 * width)
    .flatMap((width) => {
      const big = Buffer.from(hex.padStart(2 * width, '0'), 'hex');
      return [big, Buffer.from(big).reverse()];
    });
  const byte = whole < 256n ? [Buffer.of(Number(whole))] : [];
  return [...binary, ...byte, Buffer.from(String(whole))];
}

/**
 * Puts what a reader would have had in the place of what it found, where the input holds that: a checksum that is wrong
 * becomes right, a word becomes the one that it was compared with.
 */
export function meetComparison(bytes: Buffer, pairs: readonly Compared[], random: Random): Buffer {
  const [left, right] = random.pick(pairs);
  const [found, wanted] = random.below(2) === 0 ? [left, right] : [right, left];
  const [from, to] = [spellings(found), spellings(wanted)];
  if (typeof found !== 'string' && from.length !== to.length) return bytes;
  const first = random.below(Math.max(1, from.length));
  for (let step = 0; step < from.length; step++) {
    const index = (first + step) % from.length;
    const [old, put] = [from[index], to[index] ?? to[0]];
    if (old === undefined || put === undefined) continue;
    const start = random.below(Math.max(1, bytes.length));
    const behind = bytes.indexOf(old, start);
    const at = behind >= 0 ? behind : bytes.indexOf(old);
    if (at < 0) continue;
    return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + old.length)]);
  }
  return bytes;
}
