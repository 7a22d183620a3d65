// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { readFailure } from '../error.js';
import { isSameFile } from '../identity.js';
import { attempt } from './attempt.js';
import { DESCRIPTORS, unsupported } from './system.js';
import type { Anchoring, Identity } from './types.js';

/** A folder in another that is reached. @internal */
export interface HeldPlace {
  /** For messages. */
  readonly path: string;
  readonly name: string;
  readonly fd: number;
  readonly stats: Identity;
}

/** The way to what is in a held folder. @internal */
export interface Reach {
  readonly anchoring: Anchoring;
  /**
   * Calls `work` with a function that makes, of one name, a path that leads into this folder during the call.
   * @param undo is given the result of `work` when it turns out afterwards that it led elsewhere
   */
  use<T>(work: (at: (name: string) => string) => T, undo?: (result: T) => void): T;
  /** The way to a folder in it that is held by `fd`. */
  into(child: HeldPlace): Reach;
  /** Nothing is reached through it any more. */
  end(): void;
}

/** The folder itself, as a name in it. @internal */
export const SELF = '.';

/**
 * Looks up names by the descriptor itself, as `openat` does: no path is walked that others could bend.
 * @throws HeldFileError `unsupported` when `/proc/self/fd` does not lead to what is open; `io` @internal
 */
export function procfsReach(path: string, fd: number, stats: Identity): Reach {
  const prefix = `${DESCRIPTORS}/${fd}/`;
  const at = (name: string) => prefix + name;
  const found = attempt(readFailure, path, () => statSync(at(SELF), { bigint: true }));
  if (!isSameFile(found, stats)) {
    throw unsupported(path, `${DESCRIPTORS} does not lead to what is open`);
  }
  return {
    anchoring: 'procfs',
    use: (work) => work(at),
    into: (child) => procfsReach(child.path, child.fd, child.stats),
    end: () => undefined,
  };
}
