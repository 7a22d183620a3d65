// SPDX-License-Identifier: Apache-2.0
import { SbomError } from '../error.js';

/** The last second that a year of four digits can hold: 9999-12-31T23:59:59Z. */
const LAST_SECOND = 253_402_300_799;

/**
 * Writes a point in time, in seconds since 1970-01-01T00:00:00Z, the way `created` wants it (clause 6.9):
 * `YYYY-MM-DDThh:mm:ssZ`, no fraction, no offset.
 * @throws SbomError `bad-time` for anything else than a whole number of seconds between the years 1970 and 9999
 */
export function formatCreated(epochSeconds: number): string {
  if (!Number.isInteger(epochSeconds) || epochSeconds < 0 || epochSeconds > LAST_SECOND) {
    throw new SbomError(
      'bad-time',
      `the created time of a document is ${epochSeconds} seconds since 1970, expected a whole number from 0 to ${LAST_SECOND}`,
      { fix: 'set SOURCE_DATE_EPOCH to whole seconds since 1970-01-01' },
    );
  }
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * Returns whether text is a real point in time written as `YYYY-MM-DDThh:mm:ssZ`; 30 February and second 60 are none.
 */
export function isSpdxTime(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace('Z', '.000Z');
}
