// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { LONE_SURROGATE } from '../text.js';

/** Levels of folders below the root, the root being the first of eight (ECMA-119, 6.8.2.1). */
const MAX_DEPTH = 8;
/** Bytes in one name, as Linux and Rock Ridge readers take it. */
export const MAX_NAME = 255;
/** Characters of an identifier, without separators and version (interchange level 2; 7.5.1, 7.6.1). */
const MAX_IDENTIFIER = 30;
const MAX_EXTENSION = 10;

/**
 * Splits a path like `EFI/BOOT/BOOTX64.EFI` into its names.
 * @throws ImageError `bad-name` for what cannot be written, with the reason
 */
export function splitPath(path: string): string[] {
  const names = path.split('/');
  if (names.length > MAX_DEPTH) throw refused(path, `is deeper than the ${MAX_DEPTH} levels of ISO 9660`);
  for (const name of names) assertName(name, path);
  return names;
}

/** Refuses a name that cannot be written. @throws ImageError `bad-name`, with the path that it is in, and the reason */
export function assertName(name: string, path: string): void {
  if (name === '' || name === '.' || name === '..') {
    throw refused(
      path,
      `has ${JSON.stringify(name)} for a name; write it from the root, without a leading slash`,
    );
  }
  if (/[\0-\x1f\x7f]/.test(name)) throw refused(path, 'has a control character in it');
  if (LONE_SURROGATE.test(name)) throw refused(path, 'has half a surrogate pair in it');
  // A UTF-16 unit is at most three bytes.
  if (name.length * 3 > MAX_NAME && new TextEncoder().encode(name).length > MAX_NAME)
    throw refused(path, `has a name of more than ${MAX_NAME} bytes`);
}

const refused = (path: string, reason: string) =>
  new ImageError('bad-name', `path ${JSON.stringify(path)} ${reason}`);

const plain = (text: string) => text.replace(/[^A-Za-z0-9_]/gu, '_').toUpperCase();

/** Returns what every reader without Rock Ridge sees of a name: A-Z, 0-9 and `_`, with one dot in a file's. */
function identifierParts(name: string, folder: boolean): { base: string; extension: string } {
  const dot = folder ? -1 : name.lastIndexOf('.');
  if (dot <= 0) return { base: plain(name).slice(0, MAX_IDENTIFIER), extension: '' };
  const extension = plain(name.slice(dot + 1)).slice(0, MAX_EXTENSION);
  return { base: plain(name.slice(0, dot)).slice(0, MAX_IDENTIFIER - extension.length), extension };
}

/** Hands out the identifiers of one folder; two names that map to the same one are told apart by a number. */
export class Identifiers {
  readonly #taken = new Set<string>();
  readonly #counters = new Map<string, number>();

  /** Chooses the identifier of a name, unlike those chosen before; a file's has its dot, `README.TXT`, and no version yet. */
  claim(name: string, folder: boolean): string {
    const { base, extension } = identifierParts(name, folder);
    const key = `${base}.${extension}`;
    let unique = base;
    for (let count = this.#counters.get(key) ?? 0; this.#taken.has(`${unique}.${extension}`); count++) {
      const room = MAX_IDENTIFIER - extension.length - String(count).length;
      unique = base.slice(0, room) + count;
      this.#counters.set(key, count + 1);
    }
    this.#taken.add(`${unique}.${extension}`);
    return folder ? unique : `${unique}.${extension}`;
  }
}
