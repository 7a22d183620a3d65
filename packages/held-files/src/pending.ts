// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';

/** Temporary files and folders that exist right now and must not outlive this process. */
const pending = new Set<string>();
let listening = false;

/**
 * Marks `path` as temporary until the returned function is called. A process that exits in between, also
 * through `process.exit` in a signal handler, removes it on its way out.
 * @internal
 */
export function registerPending(path: string): () => void {
  if (!listening) {
    listening = true;
    process.on('exit', () => {
      for (const left of pending) rmSync(left, { recursive: true, force: true });
    });
  }
  pending.add(path);
  return () => pending.delete(path);
}
