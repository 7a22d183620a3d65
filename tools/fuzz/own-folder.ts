// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

/**
 * Returns a function that gives a target its own temporary folder, made when it is first asked for. It is gone at the end of the process; whoever
 * runs targets in a process that ends otherwise calls {@link removeOwnFolders}.
 * @param lay puts into a new folder what has to lie there
 */
export function ownFolder(prefix: string, lay: (folder: string) => void = () => undefined): () => string {
  let folder: string | undefined;
  return () => {
    if (folder !== undefined && made.has(folder)) return folder;
    if (made.size === 0) process.once('exit', removeOwnFolders);
    folder = mkdtempSync(join(tmpdir(), prefix));
    made.add(folder);
    lay(folder);
    return folder;
  };
}

/** Removes the folders that targets made. */
export function removeOwnFolders(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
  made.clear();
}
