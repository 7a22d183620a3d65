// SPDX-License-Identifier: Apache-2.0
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { toCommonJs } from '../command/common-js.js';
import { finishCommand } from '../command/finish.js';
import { unitsPlugin } from '../command/units.js';
import { whyNotBuilt } from '../release/built.mjs';

const APP = fileURLToPath(new URL('../../apps/latticra', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

/**
 * Copies what the build made of an app into `dist`, but for the maps, where that is of the sources as they are.
 * @param known digests of files that were read already, where several apps are looked at
 * @returns whether it is
 */
export function copyBuilt(app: string, dist: string, known?: Map<string, string>): boolean {
  const apps = dirname(APP);
  if (whyNotBuilt(dirname(apps), `apps/${app}`, known) !== undefined) return false;
  cpSync(join(apps, app, 'dist'), dist, { recursive: true, filter: (path) => !path.endsWith('.map') });
  return true;
}

/** Lays the command `latticra` into `dist`, as its build makes it: a script for each long name, and what each lane loads. */
export async function bundleCommand(dist: string): Promise<void> {
  if (copyBuilt('latticra', dist)) return;
  await bundleParts(APP, ['main', 'seal-helper', 'manuals'], dist);
  await finishCommand(APP, dist);
}

/** Lays the app of one lane into `dist`, as its build makes it: its script, and what that loads. */
export async function bundleLane(app: string, dist: string): Promise<void> {
  if (copyBuilt(app, dist)) return;
  await bundleParts(join(APP, '..', app), ['main'], dist);
  await toCommonJs(dist);
}

async function bundleParts(app: string, entries: readonly string[], outDir: string): Promise<void> {
  await build({
    config: false,
    entry: Object.fromEntries(entries.map((name) => [name, join(app, 'src', `${name}.ts`)])),
    outDir,
    format: 'esm',
    outExtension: () => ({ js: '.js' }),
    splitting: true,
    sourcemap: 'inline',
    platform: 'node',
    target: 'node20',
    tsconfig: TSCONFIG,
    loader: assetLoaders,
    esbuildPlugins: [unitsPlugin(), ...assetPlugins],
    noExternal: [/.*/],
    keepNames: true,
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@latticra/source'];
      // It leaves out functions that return what they are given: what runs at start is known of what ships.
      options.minifySyntax = true;
    },
  });
}
