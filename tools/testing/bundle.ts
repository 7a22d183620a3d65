// SPDX-License-Identifier: Apache-2.0
/**
 * Tests that need a real process (signals, exit codes, a full stdout) run a script of their own in plain Node:
 * bundled from the sources, so that nothing has to be built before.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { buildOnce } from './build-once.js';

const TSCONFIG = fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url));

/**
 * Bundles the script at `entry` with all it imports into one file in `folder`, and returns its path.
 * @param options.splitting leaves what is imported later in files of its own, as an app's bundle loads it when it is used
 */
export async function bundleScript(
  entry: URL,
  folder: string,
  { splitting = false }: { readonly splitting?: boolean } = {},
): Promise<string> {
  const bundle = (outDir: string) =>
    build({
      config: false,
      entry: { script: fileURLToPath(entry) },
      outDir,
      format: 'esm',
      outExtension: () => ({ js: '.mjs' }),
      platform: 'node',
      target: 'node20',
      tsconfig: TSCONFIG,
      loader: assetLoaders,
      esbuildPlugins: assetPlugins,
      noExternal: [/.*/],
      splitting,
      silent: true,
      esbuildOptions(options) {
        options.conditions = ['@latticra/source'];
      },
    });
  await buildOnce(`${entry.href} ${splitting}`, folder, bundle);
  return join(folder, 'script.mjs');
}
