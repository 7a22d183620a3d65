// SPDX-License-Identifier: Apache-2.0
/** Logarithmic axes: where values belong on them, and where they have marks. */

const plain = (value) => Number(value.toPrecision(3)).toString();

/** Returns a value in the largest of some units that it has one of. @param units `[size, name]`, the largest first */
const inUnits = (units) => (value) => {
  const [size, name] = units.find(([each]) => value >= each * 0.999) ?? units.at(-1);
  return `${plain(value / size)}${name}`;
};

/** What an axis may count: the step from mark to mark, and how a mark is written. */
export const UNITS = {
  count: {
    step: 10,
    write: inUnits([
      [1e6, 'M'],
      [1e3, 'k'],
      [1, ''],
    ]),
  },
  bytes: {
    step: 16,
    write: inUnits([
      [2 ** 30, ' GiB'],
      [2 ** 20, ' MiB'],
      [2 ** 10, ' KiB'],
      [1, ' B'],
    ]),
  },
  seconds: {
    step: 10,
    write: inUnits([
      [1, ' s'],
      [1e-3, ' ms'],
      [1e-6, ' µs'],
    ]),
  },
  mebibytes: {
    step: 10,
    write: inUnits([
      [1024, ' GiB'],
      [1, ' MiB'],
    ]),
  },
};

/**
 * Returns the axis that holds some values, from mark to mark, over a length.
 * @param values above zero, at least one
 * @param unit of {@link UNITS}
 * @returns `at(value)`, from 0 to `length`, beyond it for what is not on the axis; and its marks, `{ at, text }`
 */
export function logAxis(values, length, { step, write }) {
  const exponent = (value) => Math.log(value) / Math.log(step);
  // A hair, so that a power of the step that is not quite one in floating point gets no further mark.
  const first = Math.floor(exponent(Math.min(...values)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(exponent(Math.max(...values)) - 1e-9));
  const at = (value) => ((exponent(value) - first) / (last - first)) * length;
  const marks = Array.from({ length: last - first + 1 }, (_, index) => {
    const value = step ** (first + index);
    return { at: at(value), text: write(value) };
  });
  return { at, marks };
}
