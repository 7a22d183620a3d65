// SPDX-License-Identifier: Apache-2.0
/**
 * Links every app's command into the root's node_modules/.bin, so that `pnpm exec <bin>` runs any lane. pnpm
 * links bins at install time, when nothing has been built yet and there is nothing to link to.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bins = join(root, 'node_modules', '.bin');
mkdirSync(bins, { recursive: true });
// The command that has all lanes comes first: where a lane was built by itself, its own command is linked.
const apps = readdirSync(join(root, 'apps')).sort(
  (a, b) => Number(b === 'latticra') - Number(a === 'latticra'),
);
for (const app of apps) {
  const { bin } = JSON.parse(readFileSync(join(root, 'apps', app, 'package.json'), 'utf8'));
  for (const [name, file] of Object.entries(bin)) {
    const target = join(root, 'apps', app, file);
    // What was left out of a build has nothing to link to yet.
    if (!existsSync(target)) continue;
    chmodSync(target, 0o755);
    rmSync(join(bins, name), { force: true });
    symlinkSync(relative(bins, target), join(bins, name));
  }
}
