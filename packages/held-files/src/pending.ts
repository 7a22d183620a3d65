// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Something temporary that exists right now and must not outlive this process. */
export interface Pending {
  /** Its work is done: it has another name now, or is meant to stay. */
  keep(): void;
  /** Removes it. */
  discard(): void;
}

const pending = new Set<Pending>();
let listening = false;

/**
 * Marks `path` as temporary until it is kept or discarded. A process that exits in between, also through
 * `process.exit` in a signal handler, discards it on its way out.
 *
 * @param folders that were made to hold it, deepest first: removed with it as far as nobody else uses them
 * @internal
 */
export function registerPending(path: string, folders: readonly string[] = []): Pending {
  if (!listening) {
    listening = true;
    process.on('exit', () => {
      for (const left of pending) left.discard();
    });
  }
  // The current folder may be another one by the time it is removed.
  const absolute = resolve(path);
  const entry: Pending = {
    keep: () => {
      pending.delete(entry);
    },
    discard: () => {
      pending.delete(entry);
      try {
        rmSync(absolute, { recursive: true, force: true, maxRetries: 3 });
        for (const folder of folders) rmdirSync(folder);
      } catch {
        // Why the work failed matters more than that its remains resist; a folder in use is to stay.
      }
    },
  };
  pending.add(entry);
  return entry;
}

/**
 * A name beside `path` that nothing else has: hidden, and of at most 202 bytes, because a file system may
 * allow no more than 255.
 * @internal
 */
export function siblingPath(path: string, suffix: 'tmp' | 'staging'): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  const stem = basename(path).slice(0, 60);
  return join(dirname(path), `.${stem}.${randomBytes(6).toString('hex')}.${suffix}`);
}
