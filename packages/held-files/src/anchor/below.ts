// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { HeldFileError } from '../error.js';
import type { OpenableFile, Opened } from '../open.js';
import { closeQuietly } from './descriptor.js';
import type { HeldFolder } from './folder.js';
import { openAnchorOn } from './open.js';
import { THIS_SYSTEM } from './system.js';
import type { AnchorOptions } from './types.js';

/** As many links as Linux follows on one way. */
const MAX_LINKS = 40;

/**
 * Names a file that has to lie in a folder or below, with every link on the way followed. Whether it does is decided where it is
 * opened, every time: each folder on the way is held while the next name is looked for in it, so that nobody who renames
 * folders or puts links there meanwhile makes it another file outside. The file may have other names (hard links).
 * @param folder absolute; may itself be named through links
 * @param path absolute, or relative to the folder
 * @param options the way to hold folders
 * @returns a file whose opening throws HeldFileError `outside`, `not-found`, `not-regular`, `changed`, `unreadable`, `unsupported`
 */
export function fileBelow(
  folder: string,
  path: string,
  options: Pick<AnchorOptions, 'anchoring'> = {},
): OpenableFile {
  const absolute = resolve(folder, path);
  return {
    path: absolute,
    open() {
      const root = openAnchorOn(THIS_SYSTEM, folder, options);
      const held: HeldFolder[] = [root];
      try {
        return walk(held, { shown: absolute, root: folder });
      } finally {
        for (const each of held.reverse()) each.close();
      }
    },
  };
}

/** The file that is looked for, as it was named, and the path of the folder that it has to lie in. */
interface Wanted {
  readonly shown: string;
  readonly root: string;
}

/** Walks to the file, one name at a time. @param held begins with the folder, and ends with the one that the walk is in */
function walk(held: HeldFolder[], { shown, root }: Wanted): Opened {
  let names = namesBelow(root, shown) ?? refuse(shown, root);
  for (let links = 0; ; ) {
    const name = names.shift();
    if (name === undefined)
      throw new HeldFileError('not-regular', shown, 'is a folder, expected a regular file', {
        fix: 'name a file in it',
      });
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (held.length > 1) held.pop()?.close();
      // Out of the folder: the rest may lead back into it, by its own name.
      else names = namesBelow(root, join(dirname(realpathSync(root)), ...names)) ?? refuse(shown, root);
      continue;
    }
    const here = held.at(-1);
    if (here === undefined) throw new RangeError('the walk has left its folder');
    const step = here.step(name);
    if (step.kind === 'folder') held.push(step.folder);
    else if (step.kind === 'link') {
      if (++links > MAX_LINKS) throw outside(shown, 'where it lies cannot be told (ELOOP)');
      if (isAbsolute(step.target)) {
        const target = namesBelow(root, step.target) ?? refuse(shown, root);
        while (held.length > 1) held.pop()?.close();
        names = [...target, ...names];
      } else names = [...step.target.split('/'), ...names];
    } else if (names.length === 0) return { fd: step.fd, stats: step.stats };
    else {
      closeQuietly(step.fd);
      throw new HeldFileError('not-found', shown, 'a part of the path is not a folder (ENOTDIR)');
    }
  }
}

/**
 * Returns the names on the way from a folder to an absolute path, or undefined where that path is not one below the folder, by
 * its names as they are or by those of the folders that they lead to now. Names are all that is told here: what they lead to is
 * found out by walking them.
 */
function namesBelow(folder: string, path: string): string[] | undefined {
  const below = (from: string, to: string) => {
    const way = relative(from, to);
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : way.split(sep);
  };
  const direct = below(folder, path);
  if (direct !== undefined) return direct;
  try {
    const real = realpathSync(folder);
    return below(real, path) ?? below(real, join(realpathSync(dirname(path)), basename(path)));
  } catch {
    // What is not there, or cannot be looked at, is not known to lie in the folder.
    return undefined;
  }
}

function refuse(shown: string, root: string): never {
  throw outside(shown, `lies outside of ${root}`);
}

function outside(shown: string, reason: string): HeldFileError {
  return new HeldFileError('outside', shown, reason, {
    fix: 'put the file into that folder, with no link on the way that leads out of it',
  });
}
