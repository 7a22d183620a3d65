// SPDX-License-Identifier: Apache-2.0

/** A name as bytes, one character each (`latin1`): a root file system may hold names in any encoding. */
export type ByteString = string;

/** A name this long tells nobody more, and would not fit into a line of a document. */
const SHOWN_BYTES = 200;
/** Linux's NAME_MAX and PATH_MAX without its NUL: what is longer, no tar unpacks. */
const MAX_PART_BYTES = 255;
export const MAX_PATH_BYTES = 4095;

/** Returns the bytes of a field up to the first NUL. */
export function untilNul(bytes: Buffer, from: number, to: number): ByteString {
  let end = from;
  while (end < to && bytes[end] !== 0) end++;
  return end === from ? '' : bytes.toString('latin1', from, end);
}

/** Says why a member, or the member that a hard link is another name of, may not be called this; undefined when it may. */
export function nameProblem(name: ByteString): string | undefined {
  if (name === '') return 'has no name';
  if (name.includes('\0')) return 'has a NUL byte in its name';
  if (name.startsWith('/')) return 'has an absolute name';
  // Most names need no closer look.
  if (name.length <= MAX_PART_BYTES && !name.includes('..')) return undefined;
  const parts = name.split('/');
  if (parts.includes('..')) return 'has .. in its name';
  if (name.length > MAX_PATH_BYTES || parts.some(({ length }) => length > MAX_PART_BYTES)) {
    return 'has a name that is longer than file systems allow';
  }
  return undefined;
}

/** Parts with a single slash between them, none of which begins with a dot. */
const PLAIN = /^[^/.][^/]*(?:\/[^/.][^/]*)*$/;

/** Returns the name without `./`, doubled and trailing slashes: two names of one place are the same then; the root is `.`. */
export function normalName(name: ByteString): ByteString {
  const from = name.startsWith('./') ? 2 : 0;
  const plain = name.slice(from, name.endsWith('/') ? -1 : undefined);
  if (PLAIN.test(plain)) return plain;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 ? '.' : parts.join('/');
}

/** Returns the name for a message: quoted, on one line, shortened where it is long. */
export function showName(name: ByteString): string {
  const shown = Buffer.from(name.slice(0, SHOWN_BYTES), 'latin1').toString('utf8');
  const quoted = JSON.stringify(name.length > SHOWN_BYTES ? `${shown}…` : shown);
  return quoted.replace(/[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
