// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { toCommonJs } from '../command/common-js.js';
import { finishCommand } from '../command/finish.js';
import { unitsPlugin } from '../command/units.js';

const APP = fileURLToPath(new URL('../../apps/latticra', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

/** Bundles the command `latticra` into `dist`, as its build does: a script for each long name, and what each lane loads. */
export async function bundleCommand(dist: string): Promise<void> {
  await bundleParts(APP, ['main', 'seal-helper', 'manuals'], dist);
  await finishCommand(APP, dist);
}

/** Bundles the app of one lane into `dist`, as its build does: its script, and what that loads. */
export async function bundleLane(app: string, dist: string): Promise<void> {
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
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@latticra/source'];
    },
  });
}
