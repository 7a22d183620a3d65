// SPDX-License-Identifier: Apache-2.0

/** Names go through the checks as bytes, one character each: a rootfs may hold names in any encoding. */
export type ByteString = string;

/** A name this long tells nobody more, and would not fit into a line of a document. */
const SHOWN_BYTES = 200;

/** The bytes up to the first NUL. */
export function untilNul(field: Uint8Array): ByteString {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString('latin1');
}

/** Why a member, or the member that a hard link is another name of, may not be called this; undefined when it may. */
export function nameProblem(name: ByteString): string | undefined {
  if (name === '') return 'has no name';
  if (name.includes('\0')) return 'has a NUL byte in its name';
  if (name.startsWith('/')) return 'has an absolute name';
  if (name.split('/').includes('..')) return 'has .. in its name';
  return undefined;
}

/** The name for a message: quoted, on one line, shortened where it is long. */
export function showName(name: ByteString): string {
  const shown = Buffer.from(name.slice(0, SHOWN_BYTES), 'latin1').toString('utf8');
  const quoted = JSON.stringify(name.length > SHOWN_BYTES ? `${shown}…` : shown);
  return quoted.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
