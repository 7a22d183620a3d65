// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateEd25519Key } from '../index.js';
import { ed25519Halves } from '../private/key.js';
import { FIELD, isCanonicalPoint, isSmallOrder } from './small-order.js';

/** Bases of numbers modulo the field, for points of the curve (RFC 8032, section 5.1). */
const mod = (value: bigint) => ((value % FIELD) + FIELD) % FIELD;
const power = (base: bigint, exponent: bigint): bigint =>
  exponent === 0n ? 1n : mod(power(mod(base * base), exponent >> 1n) * (exponent & 1n ? base : 1n));
const inverse = (value: bigint) => power(value, FIELD - 2n);
const D = mod(-121665n * inverse(121666n));

type Point = readonly [x: bigint, y: bigint];
const IDENTITY: Point = [0n, 1n];

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const product = mod(D * x1 * x2 * y1 * y2);
  return [
    mod((x1 * y2 + x2 * y1) * inverse(1n + product)),
    mod((y1 * y2 + x1 * x2) * inverse(mod(1n - product))),
  ];
}

function times(scalar: bigint, point: Point): Point {
  let [sum, step] = [IDENTITY, point];
  for (let left = scalar; left > 0n; left >>= 1n) {
    if (left & 1n) sum = add(sum, step);
    step = add(step, step);
  }
  return sum;
}

/** Returns the point of this y whose x is even, or undefined where the curve has none. */
function pointAt(y: bigint): Point | undefined {
  const square = mod((y * y - 1n) * inverse(mod(D * y * y + 1n)));
  const root = power(square, (FIELD + 3n) / 8n);
  const x = [root, mod(root * power(2n, (FIELD - 1n) / 4n))].find((each) => mod(each * each) === square);
  return x === undefined ? undefined : [x & 1n ? mod(-x) : x, y];
}

function encode([x, y]: Point): Buffer {
  const value = y | ((x & 1n) << 255n);
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

const L = 2n ** 252n + 27742317777372353535851937790883648493n;

describe('points of small order', () => {
  it('exactly the eight points that the cofactor makes nothing of are refused', () => {
    // Any point times L is one of small order; one of order 8 makes them all.
    let torsion: Point | undefined;
    for (let y = 2n; torsion === undefined; y++) {
      const point = pointAt(y);
      const small = point && times(L, point);
      if (small !== undefined && times(4n, small)[1] !== 1n) torsion = small;
    }
    const all = Array.from({ length: 8 }, (_, n) => encode(times(BigInt(n), torsion as Point)));
    expect(new Set(all.map((bytes) => bytes.toString('hex'))).size).toBe(8);
    expect(all.map(isSmallOrder)).toEqual(all.map(() => true));
    expect(all.map(isCanonicalPoint)).toEqual(all.map(() => true));
  });

  it('a key that was made is canonical and of large order', () => {
    fc.assert(
      fc.property(fc.constant(undefined), () => {
        const { point } = ed25519Halves(generateEd25519Key('').key);
        expect([isCanonicalPoint(point), isSmallOrder(point)]).toEqual([true, false]);
      }),
      { numRuns: 20 },
    );
  });

  it('a y that is not below the prime is not canonical, whatever its sign', () => {
    for (let above = 0n; above < 19n; above++) {
      expect(isCanonicalPoint(encode([0n, FIELD + above]))).toBe(false);
      expect(isCanonicalPoint(encode([1n, FIELD + above]))).toBe(false);
    }
    expect(isCanonicalPoint(encode([0n, FIELD - 1n]))).toBe(true);
  });
});
