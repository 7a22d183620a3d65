// SPDX-License-Identifier: Apache-2.0
import { LinuxImageError } from './error.js';

/**
 * Returns the only line of `text`, without its LF.
 * @throws LinuxImageError `not-one-line`
 */
export function onlyLine(text: string): string {
  const [line = '', ...rest] = text.split('\n');
  if (line !== '' && rest.length === 1 && rest[0] === '') return line;
  throw new LinuxImageError('not-one-line', `expected one line and its end, found ${JSON.stringify(text)}`, {
    fix: 'end the line, and leave out what follows it',
  });
}
