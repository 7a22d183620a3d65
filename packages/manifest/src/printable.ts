// SPDX-License-Identifier: Apache-2.0

const MAX_TEXT = 500;

/**
 * Makes what finds the characters that drive a terminal, end a line, cannot be seen or turn text around: of categories Cc, Cf, Zl,
 * Zp and Cs. A label from inside a file may hold any of them.
 */
const unprintable = () => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\\]/gu;
/** Printable ASCII without the backslash: to make the expression above takes longer than to print a document. */
const PLAIN = /^[ -[\]-~]*$/;

/** Returns text from inside a file as one printable line: what is unprintable, and the backslash itself, as `\u{…}`. */
export function printable(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return PLAIN.test(cut)
    ? cut
    : cut.replace(unprintable(), (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
