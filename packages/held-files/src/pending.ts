// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Something temporary that exists right now and must not outlive this process. */
export interface Pending {
  /** Marks it as no longer temporary: it has another name now, or is meant to stay. */
  keep(): void;
  /** Removes it. */
  discard(): void;
}

const pending = new Set<Pending>();
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
  return registerRemoval(() => {
    rmSync(absolute, { recursive: true, force: true, maxRetries: 3 });
    for (const folder of folders) rmdirSync(folder);
  });
}

/**
 * Returns a path beside `path` whose name nothing else has: hidden, and of at most 202 bytes, because a file system may
 * allow no more than 255.
 * @internal
 */
export function siblingPath(path: string, suffix: 'tmp' | 'staging'): string {
  return join(dirname(path), `${hiddenStem(basename(path))}${randomBytes(6).toString('hex')}.${suffix}`);
}

/** Returns how the names of a file's temporary siblings begin, in at most 182 bytes. @internal */
export function hiddenStem(name: string): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  return `.${name.slice(0, 60)}.`;
}
