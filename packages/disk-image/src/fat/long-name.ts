// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { LONE_SURROGATE } from '../text.js';

/** UTF-16 units that one long-name entry holds, and where in it they are. */
export const UNITS_PER_ENTRY = 13;
export const UNIT_OFFSETS = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

export const MAX_NAME_UNITS = 255;

const FORBIDDEN = /["*/:<>?\\|\u0000-\u001f\u007f\uffff]/;

/** Says what is wrong with a name for a file or folder; undefined where nothing is. */
export function nameFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is no name';
  if (name.length > MAX_NAME_UNITS) return `has ${name.length} UTF-16 units, at most ${MAX_NAME_UNITS} fit`;
  if (FORBIDDEN.test(name)) return 'holds a control character or one of " * / : < > ? \\ |';
  if (/[. ]$/.test(name)) return 'ends in a dot or space, which other systems drop';
  if (LONE_SURROGATE.test(name)) return 'holds half a surrogate pair';
  return undefined;
}

/** Refuses a name that cannot be written. @throws ImageError `bad-name`, naming the `path` */
export function checkName(name: string, path: string): void {
  const fault = nameFault(name);
  if (fault !== undefined) {
    throw new ImageError('bad-name', `${JSON.stringify(path)}: ${JSON.stringify(name)} ${fault}`);
  }
}

/** Returns a name in the form that FAT compares: every UTF-16 unit in upper case where that is one unit. */
export function foldName(name: string): string {
  return name.replace(/[\s\S]/g, (unit) => {
    const upper = unit.toUpperCase();
    return upper.length === 1 ? upper : unit;
  });
}

/** Returns how many long-name entries a name takes. */
export const longEntryCount = (name: string) => Math.ceil(name.length / UNITS_PER_ENTRY);
