// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of which nothing is ours. */
const NOT_OURS = new Set(['node_modules', 'dist']);

/**
 * Lists the files below a folder, by their paths from the root. What is installed or built is not entered, nor is what a link leads to:
 * Node's own recursion does both, and packages of a workspace link to each other, each path through them another one.
 */
export function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : filesBelow(root, path);
    return entry.isFile() ? [path] : [];
  });
}
