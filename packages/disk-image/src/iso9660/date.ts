// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';

/** The last second that a directory record can hold: its year is one byte, counted from 1900. */
const LAST_EPOCH = Date.UTC(2156, 0, 1) / 1000 - 1;

/** Refuses an epoch that is no whole second of 1970 to 2155. @throws ImageError `too-large` */
export function assertEpoch(epoch: number): void {
  if (!(Number.isInteger(epoch) && epoch >= 0 && epoch <= LAST_EPOCH)) {
    throw new ImageError('too-large', `ISO 9660 dates: epoch ${epoch} is not a whole second of 1970 to 2155`);
  }
}

/** Makes the seven bytes of the date and time of a directory record, UTC (ECMA-119, 9.1.5). */
export function shortDate(epoch: number): Uint8Array {
  const date = new Date(epoch * 1000);
  return Uint8Array.of(
    date.getUTCFullYear() - 1900,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  );
}

/** Makes the date and time of a volume descriptor, UTC (8.4.26.1): sixteen digits, then the zone. */
export function longDate(epoch: number): string {
  const digits = new Date(epoch * 1000).toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 16)}\0`;
}

/** The long date that means "not specified". */
export const NO_DATE = `${'0'.repeat(16)}\0`;

/** Reads a long date; undefined when it is not specified or no date at all. */
export function parseLongDate(text: string, zone: number): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match || /^0+$/.test(text)) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, hundredths = 0] = match
    .slice(1)
    .map(Number);
  // The zone counts quarters of an hour east of Greenwich.
  return new Date(Date.UTC(year, month - 1, day, hour, minute - zone * 15, second, hundredths * 10));
}
