// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { type HeldFileError, readFailure } from '../error.js';
import { isSameFile } from '../identity.js';
import { attempt, changed, uninterrupted } from './attempt.js';
import { itself, type PathResolver } from './resolver.js';
import type { Identity } from './types.js';

/** A folder that the process can change to, and by which one step it gets there. */
interface Location {
  /** The path in messages. */
  readonly path: string;
  readonly parent: Location | undefined;
  /** A name in the parent; without a parent, an absolute path. */
  readonly step: string;
  readonly stats: Identity;
}

/** The folder that the process went to last: a hint which way is short. Where it is now is looked up each time. */
let last: Location | undefined;

/**
 * Looks up names in a folder by being in it. Each step is one name, and what it led to is compared with what is held
 * before anything there is touched: a link put in the way leads to a failure, not to its target.
 * @param root where the folder was when it was opened, absolute
 * @param origin where the process was before, and goes back to in the end
 */
export function cwdResolver(path: string, root: string, stats: Identity, origin: string): PathResolver {
  return resolverOf({ path, parent: undefined, step: root, stats }, () => leave(path, origin));
}

function resolverOf(location: Location, close: () => void): PathResolver {
  return {
    anchoring: 'cwd',
    resolve: (name, work, undo) => {
      enter(location);
      const result = work(name, itself);
      let isStillHere = false;
      try {
        isStillHere = isHere(location);
      } finally {
        if (!isStillHere) undo?.(result);
      }
      if (!isStillHere) throw moved(location);
      return result;
    },
    child: ({ path, name, stats }) =>
      resolverOf({ path, parent: location, step: name, stats }, () => undefined),
    close,
  };
}

function enter(location: Location): void {
  if (!isHere(location)) {
    const isAbove = last?.parent === location;
    last = undefined;
    if (!isAbove || !goes('..', location)) {
      if (location.parent !== undefined) enter(location.parent);
      if (!goes(location.step, location)) throw moved(location);
    }
  }
  last = location;
}

/** Takes a step, and returns whether it led to `location`. */
function goes(step: string, location: Location): boolean {
  try {
    uninterrupted(() => process.chdir(step));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) return false;
    throw readFailure(location.path, error);
  }
  return isHere(location);
}

function isHere(location: Location): boolean {
  return attempt(readFailure, location.path, () =>
    isSameFile(statSync('.', { bigint: true }), location.stats),
  );
}

function leave(path: string, origin: string): void {
  last = undefined;
  attempt(readFailure, path, () => uninterrupted(() => process.chdir(origin)));
}

function moved(location: Location): HeldFileError {
  return changed(location.path, 'is no longer where it was');
}
