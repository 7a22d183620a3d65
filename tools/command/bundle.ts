// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { assetLoaders, makeAssetPlugins, type Scripts } from '../assets/plugin.js';
import { type Module, toCommonJs } from './common-js.js';
import { finishCommand } from './finish.js';
import { unitsPlugin } from './units.js';

/** The app that has all lanes, each loaded when it is called. */
const COMMAND = 'latticra';

/**
 * Bundles an app into `dist`, in place of what is there: files of CommonJS, each with what is used together, so that a lane that only
 * reports starts no later for all that others do. esbuild bundles twice: to know what is in the bundle, and to split that into units, of
 * which {@link toCommonJs} makes the files.
 * @param app its folder, absolute
 * @param scripts that threads run, see {@link makeAssetPlugins}
 * @returns esbuild's account of what is in it
 * @throws Error where it cannot be bundled; esbuild says what is wrong with a source, on stderr
 */
export async function bundleApp(app: string, dist = join(app, 'dist'), scripts?: Scripts): Promise<Metafile> {
  const isCommand = basename(app) === COMMAND;
  const entries = ['main', ...(isCommand ? ['seal-helper', 'manuals'] : [])];
  const sources = entries.map((name) => [name, join(app, 'src', `${name}.ts`)] as const);
  const options = optionsOf(app, dist, Object.fromEntries(sources));
  const place = { cwd: app, entries: new Set(sources.map(([, source]) => source)) };
  const { metafile: survey } = await build({ ...options, plugins: [WITHOUT_ASSETS] });
  const { metafile, outputFiles } = await build({
    ...options,
    // Beside what was built, for `node --enable-source-maps`; packages leave them out. Whoever has the sources can read them.
    sourcemap: 'external',
    sourcesContent: false,
    plugins: [unitsPlugin(survey, place), ...makeAssetPlugins(scripts)],
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const modules = new Map<string, Module>();
  for (const [file, code] of texts) {
    const map = texts.get(`${file}.map`);
    if (map !== undefined) modules.set(`./${file}`, { code, map: JSON.parse(map) });
  }
  rmSync(dist, { recursive: true, force: true });
  await toCommonJs(modules, dist);
  if (isCommand) await finishCommand(app, dist);
  return metafile;
}

/** What both bundles of an app have in common. */
function optionsOf(app: string, outdir: string, entryPoints: Record<string, string>) {
  return {
    absWorkingDir: app,
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    conditions: ['@latticra/source'],
    target: 'node20',
    tsconfig: join(app, '../../tsconfig.base.json'),
    loader: assetLoaders,
    // The rest of it is done when packs are made: until then each statement at the top of a module begins a line of its own.
    minifySyntax: true,
    // So that a stack trace says where it was.
    keepNames: true,
    logLevel: 'error',
  } as const satisfies BuildOptions;
}

/** Leaves out what plugins make: none of it is code that is split. */
const WITHOUT_ASSETS: Plugin = {
  name: 'latticra-without-assets',
  setup({ onResolve }) {
    onResolve({ filter: /\?\w+$/ }, ({ path }) => ({ path, external: true }));
  },
};
