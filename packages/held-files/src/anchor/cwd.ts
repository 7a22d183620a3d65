// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { type HeldFileError, readFailure } from '../error.js';
import { isSameFile } from '../identity.js';
import { attempt, changed, uninterrupted } from './attempt.js';
import type { Reach } from './reach.js';
import type { Identity } from './types.js';

/** A folder that the process can go to, and by which one step it gets there. */
interface Station {
  /** For messages. */
  readonly path: string;
  readonly parent: Station | undefined;
  /** A name in the parent; without a parent, an absolute path. */
  readonly step: string;
  readonly stats: Identity;
}

/** Where the process went last: a hint which way is short. Where it is, is looked up each time. */
let last: Station | undefined;

/**
 * Reaches a folder by being in it. Each step is one name, and what it led to is compared with what is held before
 * anything there is touched: a link put in the way leads to a failure, not to its target.
 * @param root where the folder was when it was opened, absolute
 * @param origin where the process was before, and goes back to in the end
 */
export function cwdReach(path: string, root: string, stats: Identity, origin: string): Reach {
  return reachOf({ path, parent: undefined, step: root, stats }, () => leave(path, origin));
}

function reachOf(station: Station, end: () => void): Reach {
  return {
    anchoring: 'cwd',
    use: (work, undo) => {
      enter(station);
      const result = work((name) => name);
      let isStillHere = false;
      try {
        isStillHere = isHere(station);
      } finally {
        if (!isStillHere) undo?.(result);
      }
      if (!isStillHere) throw moved(station);
      return result;
    },
    into: ({ path, name, stats }) => reachOf({ path, parent: station, step: name, stats }, () => undefined),
    end,
  };
}

function enter(station: Station): void {
  if (!isHere(station)) {
    const isAbove = last?.parent === station;
    last = undefined;
    if (!isAbove || !goes('..', station)) {
      if (station.parent !== undefined) enter(station.parent);
      if (!goes(station.step, station)) throw moved(station);
    }
  }
  last = station;
}

/** Takes a step, and says whether it led to `station`. */
function goes(step: string, station: Station): boolean {
  try {
    uninterrupted(() => process.chdir(step));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error))) return false;
    throw readFailure(station.path, error);
  }
  return isHere(station);
}

function isHere(station: Station): boolean {
  return attempt(readFailure, station.path, () => isSameFile(statSync('.', { bigint: true }), station.stats));
}

function leave(path: string, origin: string): void {
  last = undefined;
  attempt(readFailure, path, () => uninterrupted(() => process.chdir(origin)));
}

function moved(station: Station): HeldFileError {
  return changed(station.path, 'is no longer where it was');
}
