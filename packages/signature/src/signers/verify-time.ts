// SPDX-License-Identifier: Apache-2.0
import { SignatureError } from '../error.js';

/** Reads a time as documents have it. @throws SignatureError `bad-request` for one that is no time of UTC, or does not exist */
export function parseVerifyTime(text: string): Date {
  const at = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(at.getTime()) && formatVerifyTime(at) === text) return at;
  throw new SignatureError(
    'bad-request',
    `--verify-time: expected YYYY-MM-DDThh:mm:ssZ, found ${JSON.stringify(text)}`,
    {
      fix: 'write the time in UTC, with a Z behind it',
    },
  );
}

/** Writes a time as documents have it, to the second. */
export function formatVerifyTime(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z');
}
