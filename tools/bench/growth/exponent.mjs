// SPDX-License-Identifier: Apache-2.0

/** How many times as much the end of a curve is that its steepness is told of. */
const DECADE = 10;

/**
 * Returns how steep the end of a curve is: the exponent of the power of `x` by which `y` grew from a tenth of the last `x` to the last,
 * or from the next point before where there is none at a tenth. 1 is in proportion, 0 is flat. NaN for fewer than two points, and where
 * something is not above zero.
 * @param points `{ x, y }`, `x` ascending
 */
export function lastExponent(points) {
  const last = points.at(-1);
  // A hundredth more, since a tenth of a whole number need not be one.
  const before = points.filter(({ x }) => x * DECADE <= last.x * 1.01).at(-1);
  if (last === undefined || before === undefined || !(before.x > 0 && before.y > 0 && last.y > 0))
    return Number.NaN;
  return Math.log(last.y / before.y) / Math.log(last.x / before.x);
}
