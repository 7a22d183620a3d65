// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, fstatSync, openSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readFailure } from '../error.js';
import { assertFolder, isSameFile } from '../identity.js';
import { changed, uninterrupted } from './attempt.js';
import { cwdResolver } from './cwd.js';
import { closeQuietly } from './descriptor.js';
import { HeldFolder } from './folder.js';
import { type PathResolver, plainResolver, procfsResolver, SELF } from './resolver.js';
import { chooseAnchoring, type System, THIS_SYSTEM } from './system.js';
import type { AnchoredFolder, Anchoring, AnchorOptions, Identity } from './types.js';

/**
 * Holds the folder at `path`, which may be named through a symbolic link: what counts is what was opened.
 *
 * With `cwd` the process goes to where it works, and goes back when this folder is closed: meanwhile relative
 * paths of others mean something else. With `none` it is not held: names are looked up by `path` each time.
 * @throws HeldFileError `unsupported`, `not-found`, `not-folder`, `unreadable`, `changed`, `io`
 */
export function openAnchor(path: string, options: AnchorOptions = {}): AnchoredFolder {
  return openAnchorOn(THIS_SYSTEM, path, options);
}

/** Holds a folder as {@link openAnchor} does, on any system. @throws as {@link openAnchor} @internal */
export function openAnchorOn(system: System, path: string, options: AnchorOptions): HeldFolder {
  const shown = options.label ?? path;
  const { anchoring, flags } = chooseAnchoring(shown, options.anchoring, system);
  try {
    const origin = anchoring === 'cwd' ? process.cwd() : '';
    const fd = openRoot(shown, path, flags.root);
    try {
      const stats = fstatSync(fd, { bigint: true });
      assertFolder(shown, stats);
      const resolvers: Record<Anchoring, () => PathResolver> = {
        procfs: () => procfsResolver(shown, fd, stats),
        cwd: () => goTo(shown, path, stats, origin),
        none: () => plainResolver(resolve(path)),
      };
      const resolver = resolvers[anchoring]();
      return new HeldFolder({ path: shown, fd, stats, resolver, flags, isBorrowed: false });
    } catch (error) {
      closeQuietly(fd);
      throw error;
    }
  } catch (error) {
    throw readFailure(shown, error);
  }
}

function openRoot(shown: string, path: string, flags: number): number {
  // Told apart from a path that leads nowhere.
  assertFolder(shown, statSync(path, { bigint: true }));
  return openSync(path, flags);
}

function goTo(shown: string, path: string, stats: BigIntStats, origin: string): PathResolver {
  uninterrupted(() => process.chdir(path));
  try {
    const resolver = cwdResolver(shown, process.cwd(), stats, origin);
    // It may have been replaced since it was opened.
    resolver.resolve(SELF, () => undefined);
    return resolver;
  } catch (error) {
    uninterrupted(() => process.chdir(origin));
    throw error;
  }
}

/**
 * Borrows a folder in another thread of the process (`procfs` only): the first thread keeps its descriptor
 * open meanwhile, and posts `{ fd, path, stats: { dev, ino } }` to the other. Closing the folder there does
 * nothing to that descriptor.
 * @throws HeldFileError `unsupported`, and `changed` when the descriptor is of another folder
 */
export function borrowFolder(
  folder: Pick<AnchoredFolder, 'fd' | 'path'> & { readonly stats: Identity },
): AnchoredFolder {
  const { fd, path } = folder;
  const { flags } = chooseAnchoring(path, 'procfs', THIS_SYSTEM);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!isSameFile(stats, folder.stats)) throw changed(path, 'its descriptor is of another folder by now');
    const resolver = procfsResolver(path, fd, stats);
    return new HeldFolder({ path, fd, stats, resolver, flags, isBorrowed: true });
  } catch (error) {
    throw readFailure(path, error);
  }
}
