// SPDX-License-Identifier: Apache-2.0
import { ShellWordError } from './error.js';

/** C0, DEL, C1, the separators some terminals break lines at, and halves of surrogate pairs. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Surrogate}]/u;
/** Characters that mean themselves anywhere in an unquoted word. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * Returns a word in single quotes, whatever it holds: POSIX shells take everything between them as it is
 * (POSIX.1-2017, Shell Command Language, 2.2.2); a quote itself becomes `'\''`.
 */
export function quote(word: string): string {
  if (UNPRINTABLE.test(word)) {
    throw new ShellWordError(
      'unprintable',
      `${JSON.stringify(word)}: expected no control characters in a command`,
      'use a path without line breaks, tabs and escapes',
    );
  }
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns the word as it is where that is safe, else in single quotes. */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : quote(word);
}
