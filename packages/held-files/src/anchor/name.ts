// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { HeldFileError } from '../error.js';

/** A single name in a folder: its text or its bytes. */
export type Name = string | Buffer;

/** C0, DEL, C1, the two separators that some readers take for line ends, the other system's separator, and ours. */
const REFUSED = /[\p{Cc}\p{Zl}\p{Zp}\\/]/u;
/** What nobody sees, or sees elsewhere than it stands: two names that look alike are no evidence of one file. */
const HIDDEN = /\p{Cf}/u;

/** Names that need no further check, as nearly all do: printable ASCII that begins with no dot. */
const PLAIN = /^[ !"#-\-0-[\]-~][ !"#-.0-[\]-~]*$/;

/**
 * Returns the text of a single name in a folder.
 * @throws HeldFileError `unsafe-name` when it is empty, `.`, `..`, holds `/`, a backslash, a control character or one that
 *   cannot be seen, or is no UTF-8: two such names would decode to the same text, and that text to a third file
 * @param folder goes before the name in the message, with its slash
 */
export function safeName(name: Name, folder = ''): string {
  if (typeof name === 'string' && PLAIN.test(name)) return name;
  const bytes = Buffer.from(name);
  const text = bytes.toString();
  const problem = problemOf(bytes, text, name);
  if (problem === undefined) return text;
  throw new HeldFileError('unsafe-name', folder + showName(bytes), problem, {
    fix: 'rename it, or leave it out of what is looked at',
  });
}

/**
 * Decodes a name as the system lists it, a byte a code unit: to its text where {@link safeName} has one, else its
 * bytes.
 * @internal
 */
export function listedName(listed: string): Name {
  if (PLAIN.test(listed)) return listed;
  const bytes = Buffer.from(listed, 'latin1');
  const text = bytes.toString();
  return problemOf(bytes, text, bytes) === undefined ? text : bytes;
}

function problemOf(bytes: Buffer, text: string, name: Name): string | undefined {
  // A half of a surrogate pair has no bytes and would become another character.
  if (!isUtf8(bytes) || (typeof name === 'string' && name !== text)) return 'is not UTF-8';
  if (text === '' || text === '.' || text === '..') return 'names no entry of a folder';
  if (REFUSED.test(text)) return 'holds a control character, a backslash or a slash';
  if (HIDDEN.test(text)) return 'holds a control or invisible character';
  return undefined;
}

/** Returns a name as one printable line, whatever its bytes. */
function showName(bytes: Buffer): string {
  const shown = bytes
    .toString('latin1')
    .replace(
      /[^\x20-\x7e]|\\/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return `'${shown}'`;
}
