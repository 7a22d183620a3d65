// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { defineConfig } from 'tsup';
import { installedPlugin } from './tools/assets/installed.js';
import { assetLoaders, assetPlugins } from './tools/assets/plugin.js';
import { smallChunksPlugin } from './tools/builder/small-chunks.js';
import { toCommonJs } from './tools/command/common-js.js';
import { finishCommand } from './tools/command/finish.js';
import { unitsPlugin } from './tools/command/units.js';
import { takeDeclarations } from './tools/declarations/take.js';
import { noticesPlugin } from './tools/notices/plugin.js';

interface Manifest {
  readonly name: string;
  readonly exports?: Record<string, { '@latticra/source': string }>;
}

/** Where imports lead, as far as it was found out for the projects before. */
const known = new Map();

/** Returns how the project is built that this is run in the folder of. */
export default defineConfig(() => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const isApp = basename(dirname(process.cwd())) === 'apps';
  // It has all lanes: each is a chunk of its own, and loaded when it is called.
  const isCommand = manifest.name === 'latticra';
  return {
    entry: isApp
      ? {
          main: 'src/main.ts',
          ...(isCommand ? { 'seal-helper': 'src/seal-helper.ts', manuals: 'src/manuals.ts' } : {}),
        }
      : entriesOf(manifest),
    // An app is split into what is loaded when it is used, and made CommonJS: a lane that only reports can feel both.
    // esbuild splits ESM alone; tools/command makes CommonJS of it.
    format: 'esm',
    platform: 'node',
    target: 'node20',
    clean: true,
    splitting: true,
    onSuccess: async () => {
      if (isCommand) await finishCommand(process.cwd());
      else if (isApp) await toCommonJs('dist');
      else takeDeclarations(process.cwd());
    },
    // Beside the build, for `node --enable-source-maps`; an app's package leaves them out.
    sourcemap: isApp ? 'inline' : true,
    tsconfig: '../../tsconfig.base.json',
    loader: assetLoaders,
    esbuildPlugins: [
      ...(isApp
        ? [unitsPlugin(known)]
        : [smallChunksPlugin([installedPlugin, ...assetPlugins]), installedPlugin]),
      ...assetPlugins,
      noticesPlugin(manifest.name, process.cwd()),
    ],
    esbuildOptions(options) {
      // esbuild takes it to be where it was loaded, which may have been for another project.
      options.absWorkingDir = process.cwd();
      if (!isApp) return;
      options.conditions = ['@latticra/source'];
      // The rest of it is done when packs are made: until then each statement at the top of a module begins a line of its own.
      options.minifySyntax = true;
    },
    // A library carries the assets it imports, its dependencies' included: Node imports none of them.
    // Names of functions and classes stay, so that a stack trace says where it was.
    ...(isApp ? { noExternal: [/.*/], keepNames: true } : { noExternal: [/\.(wasm|json)$/] }),
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
