// SPDX-License-Identifier: Apache-2.0
import { matching, type Scalar, text, where } from '@latticra/evidence-format/define';
import { isSpdxTime } from '@latticra/sbom';

/** What people and firmware write where they have nothing to say, without blanks, dots and dashes, in lower case. */
const SAYS_NOTHING: ReadonlySet<string> = new Set([
  'none',
  'unknown',
  'todo',
  'tbd',
  'na',
  'null',
  'xxxx',
  'default',
  'defaultstring',
  'notspecified',
  'notapplicable',
  'tobefilledbyoem',
  'systemserialnumber',
  'systemproductname',
  'systemmanufacturer',
  'serialnumber',
  'recorded',
]);

/** Returns whether somebody filled a line in: with something else than its placeholder, or a word for nothing. */
export function isFilled(value: string): boolean {
  const plain = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain !== '' && !/^<.*>$/.test(value) && !SAYS_NOTHING.has(plain);
}

/** Text that somebody filled in. */
export const filled: Scalar<string> = where(text, isFilled, 'what is true of it', 'to-be-filled-in');

/**
 * The serial number of a device or machine, as the system shows it: letters and digits, at least four, not all the same, and not
 * `0123456789`, which firmware has where nobody gave it one.
 */
export const serial: Scalar<string> = where(
  matching(/[0-9A-Za-z][0-9A-Za-z._:+/-]{2,62}[0-9A-Za-z]/, 'a serial number', 'serial-number'),
  (value) => isFilled(value) && !/^(.)\1*$/.test(value) && !'0123456789'.includes(value),
  'a serial number that names one thing',
  'serial-number',
);

/** A time of UTC to the second: `2026-11-28T14:00:00Z`. */
export const utcTime: Scalar<string> = where(
  matching(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/, 'a time', 'time'),
  isSpdxTime,
  'a time of UTC such as 2026-11-28T14:00:00Z',
  'yyyy-mm-ddThh:mm:ssZ',
);

/** The bare name of a file beside the document that names it. */
export const fileName: Scalar<string> = matching(
  /[0-9A-Za-z][0-9A-Za-z._+-]*/,
  'the name of a file beside it',
  'file-name',
);
