// SPDX-License-Identifier: Apache-2.0
import { lstatSync, opendirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of more than this is no longer counted: the display is not worth the time. */
const MAX_ENTRIES = 100_000;

/**
 * Returns how many bytes there are to read in files, and in all files of folders: for a display of how far work on them is. It is
 * no measurement; what is read is measured then. Links within folders are not followed.
 * @returns undefined where any of it cannot be told
 */
export function bytesIn(...paths: readonly string[]): number | undefined {
  let entries = 0;
  const below = (folder: string): number => {
    let sum = 0;
    // One after the other: a folder may hold more names than memory does.
    const names = opendirSync(folder);
    try {
      for (let entry = names.readSync(); entry !== null; entry = names.readSync()) {
        if (++entries > MAX_ENTRIES) throw new RangeError('too many');
        if (entry.isDirectory()) sum += below(join(folder, entry.name));
        else if (entry.isFile()) sum += lstatSync(join(folder, entry.name)).size;
      }
    } finally {
      names.closeSync();
    }
    return sum;
  };
  try {
    return paths.reduce((sum, path) => {
      const stats = statSync(path);
      if (!stats.isFile() && !stats.isDirectory()) throw new TypeError('neither file nor folder');
      return sum + (stats.isFile() ? stats.size : below(path));
    }, 0);
  } catch {
    // Whoever reads it says what is wrong with it, and better.
    return undefined;
  }
}
