// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import type { ReadableFolder } from '@latticra/held-files/anchor';
import { safeName } from '@latticra/held-files/anchor';
import { PromotionError } from '../error.js';
import { reasonFor } from './reason.js';

/** A name in a folder, and what it was seen to be. */
export interface Entry {
  readonly name: string;
  readonly stats: BigIntStats;
}

/** What lies in a folder, by what can be done with it. */
export interface ListedFolder {
  readonly files: readonly Entry[];
  readonly folders: readonly Entry[];
  /** Links, devices and names that not everybody reads the same. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** The most files and folders: more is no folder of evidence. */
export const MOST_FILES = 100_000;

/** The largest file that is read, in bytes: far more than an image has. One that is nearly all hole would be read for hours. */
export const LARGEST_FILE = 256n << 30n;

/** A file from which on it is read behind the others: a release's record tells the digests of its images by then. */
export const LARGE = 4n << 20n;

/**
 * Lists a held folder. Signatures come first, which say how what they sign is to be summed, then what is small; each in the order
 * of the names, so that the answer does not depend on the file system.
 * @throws PromotionError `bad-evidence` for one with too many names; HeldFileError
 */
export function listFolder(folder: ReadableFolder): ListedFolder {
  const files: Entry[] = [];
  const folders: Entry[] = [];
  const refused: { name: string; reason: string }[] = [];
  const { names, count } = folder.list();
  if (count > MOST_FILES) throw tooMany(folder.path);
  for (const found of names) {
    let name: string;
    try {
      name = safeName(found);
    } catch (error) {
      refused.push({
        name: Buffer.from(found)
          .toString('latin1')
          .replace(/[^ -~]/g, '?'),
        reason: reasonFor(error),
      });
      continue;
    }
    const stats = folder.lstat(name);
    if (stats === undefined) refused.push({ name, reason: 'went away while the folder was looked at' });
    else if (stats.isSymbolicLink())
      refused.push({
        name,
        reason: 'is a symbolic link, and what lies elsewhere is no evidence; put the file itself there',
      });
    else if (stats.isDirectory()) folders.push({ name, stats });
    else if (stats.isFile() && stats.size > LARGEST_FILE)
      refused.push({
        name,
        reason: `has ${stats.size} bytes, expected at most ${LARGEST_FILE}; take it out of the folder, it is no evidence`,
      });
    else if (stats.isFile()) files.push({ name, stats });
    else refused.push({ name, reason: 'is neither a file nor a folder' });
  }
  const rank = ({ name, stats }: Entry) => (name.endsWith('.sig') ? 0 : stats.size < LARGE ? 1 : 2);
  // The names are in order already, and the sort keeps that.
  return { files: files.sort((a, b) => rank(a) - rank(b)), folders, refused };
}

/** Makes the error about more than can be evidence. */
export function tooMany(path: string): PromotionError {
  return new PromotionError('bad-evidence', `${path}: holds more than ${MOST_FILES} files`, {
    fix: 'name the folder of the evidence alone',
  });
}
