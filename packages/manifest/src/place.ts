// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { ManifestError } from './error.js';

/** Where the files that a manifest names may lie. */
export interface PlaceOptions {
  /** Whether they may lie outside of the manifest's folder; not unless it is said. */
  readonly allowOutside?: boolean;
}

/**
 * Returns the absolute path of a file that a manifest in `folder` names. It has to lie there or below, with every link on the way
 * followed: a manifest from elsewhere could name any file of the machine that reads it.
 * @throws ManifestError `outside`
 */
export async function placeOf(
  folder: string,
  path: string,
  { allowOutside = false }: PlaceOptions = {},
): Promise<string> {
  const absolute = resolve(folder, path);
  if (allowOutside) return absolute;
  const [found, root] = await Promise.all([realLocation(absolute), realLocation(folder)]);
  const way = relative(root, found);
  if (way !== '..' && !way.startsWith(`..${sep}`)) return absolute;
  const where = found === absolute ? '' : `, at ${found}`;
  throw new ManifestError('outside', `${path}: lies outside of the manifest's folder ${folder}${where}`, {
    fix: 'put the file beside the manifest, or say --allow-outside for a manifest that you trust',
  });
}

/**
 * Returns the path with every link in it followed, as far as there is something there.
 * @throws ManifestError `outside` where that cannot be told: unknown is not inside
 */
async function realLocation(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno !== 'ENOENT' && errno !== 'ENOTDIR') {
      throw new ManifestError('outside', `${path}: where it lies cannot be told (${errno})`, {
        cause,
        fix: 'put the file beside the manifest, with no link on the way that leads nowhere',
      });
    }
    const parent = dirname(path);
    return parent === path ? path : join(await realLocation(parent), basename(path));
  }
}
