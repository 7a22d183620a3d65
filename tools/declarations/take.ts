// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Copies the declarations of a library beside what was built of it.
 * @param folder of the library
 * @throws Error where they were not made
 */
export function takeDeclarations(folder: string): void {
  const root = join(folder, '../..');
  const made = join(root, 'build/declarations', relative(root, folder));
  if (!existsSync(made)) throw new Error(`${made} is not there: run pnpm build, which makes it`);
  cpSync(made, join(folder, 'dist'), { recursive: true });
}
