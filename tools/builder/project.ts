// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'tsup';
import optionsOf from '../../tsup.config.js';
import type { Scripts } from '../assets/plugin.js';
import { bundleApp } from '../command/bundle.js';
import { writeNotices } from '../notices/plugin.js';

/** What threads of many apps run. */
const scripts: Scripts = new Map();

/**
 * Builds a project into its `dist`: an app is bundled, a library made as tsup.config.ts tells it.
 * @param folder the project's, absolute
 * @throws Error where it cannot be built; the tools say why, on stderr
 */
export async function buildProject(folder: string): Promise<void> {
  process.chdir(folder);
  if (basename(dirname(folder)) !== 'apps') {
    if (typeof optionsOf !== 'function') throw new Error('tsup.config.ts: expected a function');
    await build({ ...(await optionsOf({})), config: false });
    return;
  }
  const { name }: { name: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  writeNotices(await bundleApp(folder, join(folder, 'dist'), scripts), name, folder);
}
