// SPDX-License-Identifier: Apache-2.0
import { dirname, join, resolve } from 'node:path';
import type { Contents, Item } from './contents.js';
import type { Next } from './next.js';
import type { ReleaseProgress } from './release-progress.js';

/**
 * Returns the command that goes on with a release that is not done, of which the bundle is gone, or of which anything changed since; undefined where there is none.
 * @param folder as it was named
 */
export function nextOfRelease(
  folder: string,
  cwd: string,
  { bundles }: Contents,
  item: Item | undefined,
  release: ReleaseProgress | undefined,
  isChanged: boolean,
): Next | undefined {
  if (item === undefined || release === undefined || (release.isDone && bundles.length > 0 && !isChanged))
    return undefined;
  const { command } = release;
  if (command === undefined) {
    return {
      why: 'begin the release anew, with the images that it is of',
      command: 'latticra help release',
    };
  }
  // The names in the command are from where it was begun.
  const isHere = resolve(cwd, command.folder) === resolve(cwd, join(folder, dirname(item.path)));
  const where = isHere ? '' : ', in the folder that it was begun in';
  const what = isChanged
    ? 'do again what follows from what changed'
    : 'go on with the release where it stopped';
  return { why: `${what}${where}`, command: command.line };
}
