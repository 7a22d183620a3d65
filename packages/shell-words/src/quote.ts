// SPDX-License-Identifier: Apache-2.0
import { ShellWordError } from './error.js';

/**
 * Returns whether there are controls, format characters (invisible ones, and those that turn the direction: a person would approve another command
 * than the shell gets), separators that some terminals break lines at, or halves of surrogate pairs.
 */
function isUnprintable(text: string): boolean {
  return !ASCII.test(text) && /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text);
}

/** Printable ASCII, as nearly all words are: to make the expression above takes longer than to print a document. */
const ASCII = /^[ -~]*$/;
/** More of a word helps nobody to find it. */
const MAX_SHOWN = 100;
/** Characters that mean themselves anywhere in an unquoted word. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;

/**
 * Returns a word in single quotes, whatever it holds: POSIX shells take everything between them as it is
 * (POSIX.1-2017, Shell Command Language, 2.2.2); a quote itself becomes `'\''`.
 */
export function quote(word: string): string {
  if (isUnprintable(word)) {
    throw new ShellWordError(
      'unprintable',
      `${showWord(word)}: expected no control or invisible characters in a command`,
      'use a path without line breaks, tabs, escapes, joiners and direction marks',
    );
  }
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Returns the word as it is where that is safe, else in single quotes. */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : quote(word);
}

/** Returns a word for a message: quoted, plain, and cut with `…` after some 100 characters. */
export function showWord(word: string): string {
  let shown = '';
  for (const character of word) {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    const escaped = code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
    const next = isUnprintable(character) ? escaped : JSON.stringify(character).slice(1, -1);
    if (shown.length + next.length > MAX_SHOWN) return `"${shown}…"`;
    shown += next;
  }
  return `"${shown}"`;
}
