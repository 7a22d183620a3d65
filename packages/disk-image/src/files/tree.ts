// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { ImageEntry } from './entry.js';

/** A file system that was opened. */
export interface Tree {
  readonly format: 'iso9660' | 'fat' | 'erofs';
  readonly root: ImageEntry;
  /** Returns whether a name is the one that is looked for. */
  isNamed(name: string, wanted: string): boolean;
}

/** Folders within each other: a path of Linux holds no more. */
const MAX_DEPTH = 2048;

/** Finds what stands at a path; links are not followed. @throws ImageError `not-found` */
export function findIn({ root, isNamed }: Tree, path: string): ImageEntry {
  let found = root;
  for (const wanted of path.split('/').filter((part) => part !== '' && part !== '.')) {
    let next: ImageEntry | undefined;
    for (const child of found.type === 'folder' && wanted !== '..' ? found.list() : []) {
      if (!isNamed(nameOf(child), wanted)) continue;
      next = child;
      break;
    }
    if (!next) throw new ImageError('not-found', `there is no ${JSON.stringify(path)} in the image`);
    found = next;
  }
  return found;
}

/** Returns the last name of a path. */
export const nameOf = ({ path }: ImageEntry) => path.slice(path.lastIndexOf('/') + 1);

/**
 * Gives everything below an entry, each folder before what is in it. A damaged image, whose folders contain each other, ends by
 * its depth, and by `most`.
 * @throws ImageError `corrupt` for folders without end, `too-large` for more entries than `most`
 */
export function* walkFrom(start: ImageEntry, most: number): Generator<ImageEntry, void, undefined> {
  const open = [start.list()[Symbol.iterator]()];
  let count = 0;
  for (let entries = open.at(-1); entries; entries = open.at(-1)) {
    const { done, value } = entries.next();
    if (done === true) {
      open.pop();
      continue;
    }
    if (++count > most) throw new ImageError('too-large', `there are more than ${most} entries in the image`);
    yield value;
    if (value.type !== 'folder') continue;
    if (open.length > MAX_DEPTH) {
      throw new ImageError('corrupt', `folders lie more than ${MAX_DEPTH} deep in each other, as in a cycle`);
    }
    open.push(value.list()[Symbol.iterator]());
  }
}
