// SPDX-License-Identifier: Apache-2.0

/** The prime of the field that ed25519's coordinates are of (RFC 8032, section 5.1). */
export const FIELD = 2n ** 255n - 19n;

/**
 * The y of the points of small order: of order 4, 1, 2, and the two of order 8. Under such a key one signature verifies
 * for every message, or for many.
 */
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  FIELD - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  FIELD - 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

/** Returns the y of a public key, as it is written: little-endian, and the highest bit is x's sign. */
function yOf(point: Uint8Array): bigint {
  const hex = Buffer.from(point).reverse().toString('hex');
  return BigInt(`0x${hex}`) & (2n ** 255n - 1n);
}

/** Returns whether the y of these 32 bytes is below the field's prime, so that there is no second way to write the key. */
export function isCanonicalPoint(point: Uint8Array): boolean {
  return yOf(point) < FIELD;
}

/** Returns whether these 32 bytes are a point of small order. */
export function isSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER_Y.has(yOf(point));
}
