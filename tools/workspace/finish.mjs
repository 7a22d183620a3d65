// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { logger } from '@nx/devkit';

/** Returns what Nx does once the files are there: how they are laid out depends on the name, so biome has a last look. */
export function finish(tree, folder) {
  return () => {
    const biome = join(tree.root, 'node_modules/.bin/biome');
    execFileSync(biome, ['check', '--write', folder], { cwd: tree.root, stdio: 'pipe' });
    logger.info(`\nNext: pnpm install, then pnpm exec vitest run ${folder}/ tools/`);
  };
}
