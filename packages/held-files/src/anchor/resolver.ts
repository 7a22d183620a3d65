// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';
import { readFailure } from '../error.js';
import { isSameFile } from '../identity.js';
import { attempt } from './attempt.js';
import { DESCRIPTORS, unsupported } from './system.js';
import type { Anchoring, Identity } from './types.js';

/** An open folder that lies in another one. @internal */
export interface ChildFolder {
  /** The path in messages. */
  readonly path: string;
  readonly name: string;
  readonly fd: number;
  readonly stats: Identity;
}

/** A way to look up the names in an open folder. @internal */
export interface PathResolver {
  readonly anchoring: Anchoring;
  /**
   * Calls `work` with a path that leads to a name in this folder during the call, and with what makes such paths of other names.
   * @param undo is given the result of `work` when it turns out afterwards that it led elsewhere
   */
  resolve<T>(
    name: string,
    work: (path: string, at: (name: string) => string) => T,
    undo?: (result: T) => void,
  ): T;
  /** Returns the resolver of a folder in this one. */
  child(folder: ChildFolder): PathResolver;
  /** Ends the resolver: nothing is resolved by it any more. */
  close(): void;
}

/** The folder itself, as a name in it. @internal */
export const SELF = '.';

/**
 * Looks up names by the descriptor itself, as `openat` does: no path is walked that others could bend. That `/proc/self/fd` leads to what
 * is open is looked at once, here, and for a folder in it before its first name is looked up: many have none that anybody asks for that way.
 * @throws HeldFileError `unsupported` when `/proc/self/fd` does not lead to what is open; `io` @internal
 */
export function procfsResolver(path: string, fd: number, stats: Identity): PathResolver {
  const resolver = procfsWhenAsked({ path, fd, stats });
  resolver.resolve(SELF, () => undefined);
  return resolver;
}

function procfsWhenAsked({ path, fd, stats }: Omit<ChildFolder, 'name'>): PathResolver {
  const prefix = `${DESCRIPTORS}/${fd}/`;
  const at = (name: string) => prefix + name;
  let isKnown = false;
  return {
    anchoring: 'procfs',
    resolve(name, work) {
      if (!isKnown) {
        const found = attempt(readFailure, path, () => statSync(at(SELF), { bigint: true }));
        if (!isSameFile(found, stats))
          throw unsupported(path, `${DESCRIPTORS} does not lead to what is open`);
        isKnown = true;
      }
      return work(prefix + name, at);
    },
    child: procfsWhenAsked,
    close: () => undefined,
  };
}

/** Returns the name: what leads to it from its folder. @internal */
export const itself = (name: string): string => name;

/** Looks up names by themselves, for a process that is in the folder; those of its folders as they were. @internal */
export function insideResolver({ anchoring, child, close }: PathResolver): PathResolver {
  return { anchoring, resolve: (name, work) => work(name, itself), child, close };
}

/**
 * Looks up names by the path that the folder was opened at, and holds nothing: whoever renames a folder on the way, or
 * puts a link there, decides where a name leads.
 * @param folder absolute
 * @internal
 */
export function plainResolver(folder: string): PathResolver {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const at = (name: string) => prefix + name;
  return {
    anchoring: 'none',
    resolve: (name, work) => work(prefix + name, at),
    child: ({ name }) => plainResolver(prefix + name),
    close: () => undefined,
  };
}
