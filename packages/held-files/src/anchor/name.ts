// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { HeldFileError } from '../error.js';

/** C0, DEL, C1, the two separators that some readers take for line ends, the other system's separator, and ours. */
const REFUSED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\\/]/u;

/** A name that needs no second look, as nearly all are: printable ASCII that begins with no dot. */
const PLAIN = /^[ !"#-\-0-[\]-~][ !"#-.0-[\]-~]*$/;

/**
 * The text of a single name in a folder.
 * @throws HeldFileError `unsafe-name` when it is empty, `.`, `..`, holds `/`, a backslash or a control character,
 *   or is no UTF-8: two such names would decode to the same text, and that text to a third file
 * @param folder goes before the name in the message, with its slash
 */
export function decodeName(name: Uint8Array, folder = ''): string {
  const bytes = Buffer.isBuffer(name) ? name : Buffer.from(name.buffer, name.byteOffset, name.byteLength);
  const plain = bytes.toString('latin1');
  if (PLAIN.test(plain)) return plain;
  const text = bytes.toString('utf8');
  const reason = !isUtf8(bytes)
    ? 'is not UTF-8'
    : text === '' || text === '.' || text === '..'
      ? 'names no entry of a folder'
      : REFUSED.test(text)
        ? 'holds a control character, a backslash or a slash'
        : undefined;
  if (reason === undefined) return text;
  throw new HeldFileError('unsafe-name', folder + showName(bytes), reason, {
    fix: 'rename it, or leave it out of what is looked at',
  });
}

/** The bytes of a single name in a folder. @throws HeldFileError `unsafe-name` as `decodeName` */
export function encodeName(text: string): Buffer {
  const bytes = Buffer.from(text);
  // A half of a surrogate pair has no bytes and would become another character.
  if (bytes.toString() !== text) {
    throw new HeldFileError('unsafe-name', JSON.stringify(text), 'has no UTF-8', {
      fix: 'name it in Unicode characters',
    });
  }
  decodeName(bytes);
  return bytes;
}

/** A name as one printable line, whatever its bytes. */
function showName(name: Uint8Array): string {
  const text = Buffer.from(name).toString('latin1');
  const shown = text.replace(
    /[^\x20-\x7e]|\\/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `'${shown}'`;
}
