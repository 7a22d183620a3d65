// SPDX-License-Identifier: Apache-2.0

/**
 * A numeric header field: octal digits between leading spaces and trailing NULs or spaces (POSIX.1-2017, pax,
 * "ustar Interchange Format"), or GNU's base-256, marked by the top bit of the first byte (GNU tar manual,
 * "Basic Tar Format"). A blank field is 0, as every reader takes it.
 * @returns undefined for anything else, a negative number, or one over 2^53 - 1
 */
export function readNumber(field: Uint8Array): number | undefined {
  const first = field[0] ?? 0;
  if (first < 0x80) {
    const octal = /^ *([0-7]*)[ \0]*$/.exec(Buffer.from(field).toString('latin1'))?.[1];
    return octal === undefined ? undefined : Number.parseInt(`0${octal}`, 8);
  }
  // 0xff begins a negative number; whatever else is set in this byte is a number beyond all files.
  if (first !== 0x80) return undefined;
  const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Whether it is a base-256 number from -2^48 to -1: a time before 1970. */
export function isSmallNegative(field: Uint8Array): boolean {
  return field.length > 6 && field.subarray(0, -6).every((byte) => byte === 0xff);
}

/** The decimal number of a pax record, or undefined for anything else. */
export function readDecimal(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}
