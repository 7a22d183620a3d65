// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { readFailure } from '@latticra/held-files';

/**
 * Lists whatever is in a folder and is no folder, with slashes and in the order of the names; links are not followed. Of a folder that is
 * not there it lists nothing.
 * @param isLeftOut whether what has a path is passed over, a folder with all that is in it: for what comes and goes meanwhile
 * @throws HeldFileError for what is no folder, or cannot be looked into
 */
export async function listFiles(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(join(folder, below), below === '')) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (isLeftOut(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else found.push(path);
    }
  };
  await walk('');
  return found.sort();
}

async function entriesOf(folder: string, mayBeMissing: boolean) {
  return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (mayBeMissing && errnoOf(error) === 'ENOENT') return [];
    throw readFailure(folder, error);
  });
}
