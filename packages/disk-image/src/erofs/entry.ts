// SPDX-License-Identifier: Apache-2.0
import { bytesOf } from '../layout/bytes.js';

/** A name or path as bytes, one character each (`latin1`): a file system may hold names in any encoding. */
export type ByteString = string;

/** What can be found under a name. */
export type ErofsType =
  | 'file'
  | 'folder'
  | 'symbolic-link'
  | 'character-device'
  | 'block-device'
  | 'fifo'
  | 'socket';

/** A moment: seconds since 1970, which may be negative, and up to 999,999,999 nanoseconds. */
export interface ErofsTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What an inode says of itself. */
export interface ErofsMetadata {
  /** Permissions with the set-id and sticky bits: twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: ErofsTime;
  /** Bytes of content of a file; of anything else it says nothing. */
  readonly size: number;
  /** The numbers of a device. */
  readonly device?: { readonly major: number; readonly minor: number } | undefined;
  /** Extended attributes by their full name, such as `security.capability`; an ACL as the kernel has it. */
  readonly xattrs: ReadonlyMap<ByteString, Uint8Array>;
}

/** One name in a tree that is to be written: what a member of an archive says. */
export interface ErofsEntry extends ErofsMetadata {
  /** Relative, without `.` or `..` in it; `.` alone for the root. */
  readonly path: ByteString;
  /** A hard link says only where it points; everything else is said by what stands there. */
  readonly type: ErofsType | 'hard-link';
  /** What a symbolic link says; the path that a hard link is another name of. */
  readonly target?: ByteString | undefined;
}

/** The types in the upper bits of a mode, and in the entries of a folder. */
export const TYPES: readonly { readonly type: ErofsType; readonly bits: number; readonly code: number }[] = [
  { type: 'file', bits: 0o100000, code: 1 },
  { type: 'folder', bits: 0o040000, code: 2 },
  { type: 'character-device', bits: 0o020000, code: 3 },
  { type: 'block-device', bits: 0o060000, code: 4 },
  { type: 'fifo', bits: 0o010000, code: 5 },
  { type: 'socket', bits: 0o140000, code: 6 },
  { type: 'symbolic-link', bits: 0o120000, code: 7 },
];

/** The code in a folder's entry, by the four bits of the type in a mode; 0 for none. */
export const CODE_OF_BITS: readonly number[] = Array.from(
  { length: 16 },
  (_, bits) => TYPES.find((type) => type.bits === bits << 12)?.code ?? 0,
);

/** Returns a name for a message: quoted, on one line, shortened where it is long. */
export function showName(name: ByteString): string {
  const shown = new TextDecoder().decode(bytesOf(name.slice(0, 200)));
  return JSON.stringify(name.length > 200 ? `${shown}…` : shown).replace(
    /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
