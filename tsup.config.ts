// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { installedPlugin } from './tools/assets/installed.js';
import { assetLoaders, assetPlugins } from './tools/assets/plugin.js';
import { smallChunksPlugin } from './tools/builder/small-chunks.js';
import { takeDeclarations } from './tools/declarations/take.js';
import { noticesPlugin } from './tools/notices/plugin.js';

interface Manifest {
  readonly name: string;
  readonly exports?: Record<string, { '@latticra/source': string }>;
}

/** Returns how the library is built that this is run in the folder of. Apps are bundled by tools/command. */
export default defineConfig(() => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  return {
    entry: entriesOf(manifest),
    format: 'esm',
    platform: 'node',
    target: 'node20',
    clean: true,
    splitting: true,
    sourcemap: true,
    onSuccess: async () => takeDeclarations(process.cwd()),
    tsconfig: '../../tsconfig.base.json',
    loader: assetLoaders,
    esbuildPlugins: [
      smallChunksPlugin([installedPlugin, ...assetPlugins]),
      installedPlugin,
      ...assetPlugins,
      noticesPlugin(manifest.name, process.cwd()),
    ],
    // A library carries the assets it imports, its dependencies' included: Node imports none of them.
    noExternal: [/\.(wasm|json)$/],
    esbuildOptions(options) {
      // esbuild takes it to be where it was loaded, which may have been for another project.
      options.absWorkingDir = process.cwd();
    },
  };
});

/** Lists the entries of a library: what its `exports` name. */
function entriesOf({ exports = {} }: Manifest): Record<string, string> {
  return Object.fromEntries(
    Object.values(exports)
      .filter((target) => typeof target === 'object' && existsSync(target['@latticra/source']))
      .map((target) => {
        const source = target['@latticra/source'];
        return [source.replace(/^\.\/src\//, '').replace(/\.ts$/, ''), source];
      }),
  );
}
