// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Metafile, Plugin, PluginBuild } from 'esbuild';

const NAME = 'latticra-small-chunks';

/** The bytes that a chunk has at most, with all that it imports, to count as small: opening a file takes as long as reading more than that. */
const SMALL_BYTES = 8 << 10;

/**
 * Makes the plugin for a library's build that puts what is small and shared into one chunk, which all entries import, where esbuild makes one
 * for each set of entries that share something. It bundles once to know what that is.
 * @param plugins those that decide which sources are in the bundle
 */
export function smallChunksPlugin(plugins: readonly Plugin[]): Plugin {
  return {
    name: NAME,
    async setup(build) {
      const cwd = build.initialOptions.absWorkingDir ?? process.cwd();
      const own = Object.values(build.initialOptions.entryPoints as Record<string, string>);
      const entries = new Set(own.map((entry) => resolve(cwd, entry)));
      const shared = new Set((await smallSources(build, plugins)).map((source) => resolve(cwd, source)));
      // Whoever asks first for a file decides whether it may be left out where nothing of it is used, so all are told.
      build.onResolve({ filter: /^[./]/ }, async ({ path, pluginData, ...asked }) => {
        if (pluginData === NAME || asked.kind === 'entry-point') return undefined;
        const found = await build.resolve(path, { ...asked, pluginData: NAME });
        return shared.has(found.path) ? { ...found, sideEffects: true } : found;
      });
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!entries.has(path)) return undefined;
        const imports = [...shared].map((source) => `import ${JSON.stringify(source)};\n`);
        return { contents: readFileSync(path, 'utf8') + imports.join(''), loader: 'ts' };
      });
    },
  };
}

/** Bundles as the build does, and lists the sources of small chunks. */
async function smallSources(
  { initialOptions, esbuild }: PluginBuild,
  plugins: readonly Plugin[],
): Promise<string[]> {
  const { metafile } = await esbuild.build({
    ...initialOptions,
    plugins: [...plugins],
    packages: 'external',
    write: false,
    metafile: true,
    sourcemap: false,
    logLevel: 'silent',
  });
  return smallIn(metafile);
}

/** Lists the sources of those chunks that are small. */
function smallIn({ outputs }: Pick<Metafile, 'outputs'>): string[] {
  const reached = (name: string, found: Set<string>): Set<string> => {
    if (found.has(name)) return found;
    found.add(name);
    for (const { path } of outputs[name]?.imports ?? []) if (path in outputs) reached(path, found);
    return found;
  };
  const bytes = (name: string) =>
    [...reached(name, new Set())].reduce((sum, each) => sum + (outputs[each]?.bytes ?? 0), 0);
  return Object.keys(outputs)
    .filter((name) => outputs[name]?.entryPoint === undefined && bytes(name) <= SMALL_BYTES)
    .flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}))
    .sort();
}
