// SPDX-License-Identifier: Apache-2.0
import { rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type TemporaryKind, temporaryName } from './temporary-name.js';

/** Something temporary that exists right now and must not outlive this process. */
export interface Pending {
  /** Marks it as no longer temporary: it has another name now, or is meant to stay. */
  keep(): void;
  /** Removes it. */
  discard(): void;
}

const pending = new Set<Pending>();
/** The paths of what has a name. */
const paths = new Set<string>();
let listening = false;

/**
 * Marks something as temporary until it is kept or discarded. A process that exits in between, also through
 * `process.exit` in a signal handler, discards it on its way out.
 * @param remove is called at most once; what it throws is ignored: why the work failed matters more than that
 *   its remains resist
 * @internal
 */
export function registerRemoval(remove: () => void): Pending {
  if (!listening) {
    listening = true;
    process.on('exit', () => {
      for (const left of pending) left.discard();
    });
  }
  const entry: Pending = {
    keep: () => {
      pending.delete(entry);
    },
    discard: () => {
      pending.delete(entry);
      try {
        remove();
      } catch {
        // See above.
      }
    },
  };
  pending.add(entry);
  return entry;
}

/**
 * Marks what has the name `path` as temporary, as {@link registerRemoval} does.
 * @param folders that were made to hold it, deepest first: removed with it as far as nobody else uses them
 * @internal
 */
export function registerPending(path: string, folders: readonly string[] = []): Pending {
  // The current folder may be another one by the time it is removed.
  const absolute = resolve(path);
  const entry = registerRemoval(() => {
    rmSync(absolute, { recursive: true, force: true, maxRetries: 3 });
    for (const folder of folders) rmdirSync(folder);
  });
  paths.add(absolute);
  return {
    keep: () => {
      paths.delete(absolute);
      entry.keep();
    },
    discard: () => {
      paths.delete(absolute);
      entry.discard();
    },
  };
}

/** Returns whether this process made a temporary of this path, and is at it. @internal */
export const isPending = (path: string): boolean => paths.has(path);

/**
 * Returns a path beside `path` whose name nothing else has: hidden, and with the number of this process, which shows later whether
 * anybody is at it.
 * @internal
 */
export function siblingPath(path: string, kind: TemporaryKind): string {
  return join(dirname(path), temporaryName(basename(path), kind));
}
