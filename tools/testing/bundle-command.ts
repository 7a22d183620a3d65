// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { finishCommand } from '../command/finish.js';

const APP = fileURLToPath(new URL('../../apps/latticra', import.meta.url));
const TSCONFIG = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

/** Bundles the command `latticra` into `dist`, as its build does: a chunk for each lane, a script for each long name. */
export async function bundleCommand(dist: string): Promise<void> {
  await build({
    config: false,
    entry: Object.fromEntries(
      ['main', 'seal-helper', 'manuals'].map((name) => [name, join(APP, 'src', `${name}.ts`)]),
    ),
    outDir: dist,
    format: 'esm',
    outExtension: () => ({ js: '.js' }),
    splitting: true,
    sourcemap: 'inline',
    platform: 'node',
    target: 'node20',
    tsconfig: TSCONFIG,
    loader: assetLoaders,
    esbuildPlugins: assetPlugins,
    noExternal: [/.*/],
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@latticra/source'];
    },
  });
  await finishCommand(APP, dist);
}
