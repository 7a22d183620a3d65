// SPDX-License-Identifier: Apache-2.0

/** A moment as a directory entry holds it. */
export interface DosTime {
  readonly date: number;
  readonly time: number;
  /** Hundredths of a second that `time`, which counts in twos, leaves out. */
  readonly hundredths: number;
}

const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(2107, 11, 31, 23, 59, 59);

/** Converts seconds since 1970 to a UTC date and time; one outside 1980 to 2107 becomes the nearest inside. */
export function dosTime(timestamp: number): DosTime {
  const moment = new Date(Math.min(Math.max(timestamp * 1000, EARLIEST), LATEST));
  const seconds = moment.getUTCSeconds();
  return {
    date: ((moment.getUTCFullYear() - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate(),
    time: (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (seconds >> 1),
    hundredths: (seconds % 2) * 100,
  };
}
