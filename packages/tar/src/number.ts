// SPDX-License-Identifier: Apache-2.0

/** A time of a file, in seconds since 1970 and nanoseconds on top; before 1970 the seconds are negative. */
export interface TarTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** The highest number of a user or group; the one above it stands for "leave it alone" (chown(2)). */
const MAX_OWNER = 0xff_ff_ff_fe;

/**
 * Reads a numeric header field: octal digits between leading spaces and trailing NULs or spaces (POSIX.1-2017, pax,
 * "ustar Interchange Format"), or GNU's base-256, marked by the top bit of the first byte (GNU tar manual,
 * "Basic Tar Format"). A blank field is 0, as every reader takes it.
 * @param from where the field begins in `bytes`, of which it is all unless said
 * @returns undefined for anything else, a negative number, or one over 2^53 - 1
 */
export function readNumber(bytes: Uint8Array, from = 0, to = bytes.length): number | undefined {
  const first = bytes[from] ?? 0;
  if (first < 0x80) return readOctal(bytes, from, to);
  // 0xff begins a negative number; whatever else is set in this byte is a number beyond all files.
  if (first !== 0x80) return undefined;
  const value = bytes.subarray(from + 1, to).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

const [SPACE, ZERO] = [0x20, 0x30];

/** Reads octal digits byte by byte: there are eight such fields in every header. */
function readOctal(bytes: Uint8Array, from: number, to: number): number | undefined {
  let at = from;
  while (at < to && bytes[at] === SPACE) at++;
  let value = 0;
  for (; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; at < to; at++) if (bytes[at] !== SPACE && bytes[at] !== 0) return undefined;
  return value;
}

/** Reads a time field: a number, or one from -2^48 to -1 in base-256, a time before 1970. */
export function readSeconds(bytes: Uint8Array, from = 0, to = bytes.length): number | undefined {
  if (bytes[from] !== 0xff) return readNumber(bytes, from, to);
  const field = bytes.subarray(from, to);
  const isSmallNegative = field.subarray(0, -6).every((byte) => byte === 0xff);
  return isSmallNegative ? Buffer.from(field.subarray(-6)).readUIntBE(0, 6) - 2 ** 48 : readNumber(field);
}

/** Returns the number of an owner when it is one. */
export function asOwner(value: number | undefined): number | undefined {
  return value !== undefined && value <= MAX_OWNER ? value : undefined;
}

/** Reads the decimal number of a pax record, or returns undefined for anything else. */
export function readDecimal(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

const TIME = /^(-?)(\d{1,15})(?:\.(\d{0,40}))?$/;

/**
 * Returns whether a pax record has a fraction of a second before 1970: -1.5 is a second and a half before it for GNU tar, and half a
 * second for bsdtar, which write it so as well.
 */
export function isSplitBefore1970(text: string): boolean {
  const [, sign, , fraction = ''] = TIME.exec(text) ?? [];
  return sign === '-' && /[1-9]/.test(fraction);
}

/**
 * Reads the time of a pax record, seconds with or without a fraction; digits past the nanoseconds are cut off.
 * One that {@link isSplitBefore1970} is none.
 */
export function readTime(text: string): TarTime | undefined {
  const [, sign, whole, fraction = ''] = TIME.exec(text) ?? [];
  if (whole === undefined || isSplitBefore1970(text)) return undefined;
  const seconds = Number(whole);
  return {
    seconds: sign === '-' && seconds > 0 ? -seconds : seconds,
    nanoseconds: Number(fraction.slice(0, 9).padEnd(9, '0')),
  };
}
