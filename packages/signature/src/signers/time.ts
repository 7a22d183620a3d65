// SPDX-License-Identifier: Apache-2.0
import { quoteText } from '@latticra/evidence-format';
import { SignatureError } from '../error.js';

const FORM = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?Z$/;

/**
 * Reads `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ` as seconds since 1970. Without the Z OpenSSH would read it by the
 * time zone of the machine, and it takes 31 February for a day in March.
 * @throws SignatureError `bad-allowed-signers`
 */
export function parseTime(text: string): number {
  const [, ...parts] = FORM.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const seconds = date.getTime() / 1000;
  if (parts.length === 0 || seconds <= 0 || !formatTime(seconds).startsWith(parts.join(''))) {
    throw new SignatureError(
      'bad-allowed-signers',
      `expected a time of UTC that exists, YYYYMMDDZ or YYYYMMDDHHMMSSZ, found ${quoteText(text)}`,
      { fix: 'write the time in UTC, with a Z behind it' },
    );
  }
  return seconds;
}

/** Writes seconds since 1970 as `YYYYMMDDHHMMSSZ`. */
export function formatTime(seconds: number): string {
  return new Date(seconds * 1000)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:T]/g, '');
}
