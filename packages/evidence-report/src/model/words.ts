// SPDX-License-Identifier: Apache-2.0

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Formats a size in the unit that leaves it short: up to three digits, one behind the point below ten. */
export function shortBytes(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const tenths = Math.round(value * 10);
  return `${value < 10 && tenths % 10 !== 0 ? `${(tenths - (tenths % 10)) / 10}.${tenths % 10}` : Math.round(value)} ${UNITS[unit]}`;
}

/** Formats a whole number with a space before each three digits; no locale has a say. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ' ');
}

/** Formats milliseconds as seconds, rounded once to a tenth. */
export function seconds(ms: number): string {
  const tenths = Math.round(ms / 100);
  return `${Math.floor(tenths / 10)}.${tenths % 10} s`;
}

/** Returns a count with the right form of its noun. */
export function plural(count: number, one: string, more = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : more}`;
}
