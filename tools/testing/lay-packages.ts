// SPDX-License-Identifier: Apache-2.0
/** Lays libraries out as a consumer has them: built, with the exports that they are published with, and nothing of the workspace. */
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { buildOnce } from './build-once.js';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
const SCOPE = '@latticra/';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { readonly '@latticra/source'?: string }>>;
  readonly publishConfig: object;
}

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(PACKAGES, name, 'package.json'), 'utf8'));

/** Returns packages with all of this workspace that they need. @param names without the scope */
function closureOf(names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const needed of Object.keys(manifestOf(name).dependencies ?? {}))
      if (needed.startsWith(SCOPE)) add(needed.slice(SCOPE.length));
  };
  for (const name of names) add(name);
  return found;
}

/**
 * Puts libraries, and what they depend on, into a `node_modules`. Types are left out: `pnpm pack-check` looks at those.
 * @param names without the scope
 */
export async function layPackages(nodeModules: string, names: readonly string[]): Promise<void> {
  for (const name of closureOf(names)) {
    const folder = join(nodeModules, SCOPE, name);
    const manifest = manifestOf(name);
    mkdirSync(folder, { recursive: true });
    await buildOnce(`published ${name}`, join(folder, 'dist'), (dist) => buildLibrary(name, manifest, dist));
    const published = JSON.stringify({ ...manifest, ...manifest.publishConfig, publishConfig: undefined });
    writeFileSync(join(folder, 'package.json'), published);
    for (const needed of Object.keys(manifest.dependencies ?? {})) {
      if (needed.startsWith(SCOPE)) continue;
      const source = realpathSync(join(PACKAGES, name, 'node_modules', needed));
      mkdirSync(dirname(join(nodeModules, needed)), { recursive: true });
      cpSync(source, join(nodeModules, needed), { recursive: true });
    }
  }
}

/** Builds a library as its target `build` does, without types. */
async function buildLibrary(name: string, manifest: Manifest, dist: string): Promise<void> {
  const sources = Object.values(manifest.exports).flatMap((target) => target['@latticra/source'] ?? []);
  await build({
    config: false,
    entry: Object.fromEntries(
      sources.map((source) => [
        source.replace(/^\.\/src\//, '').replace(/\.ts$/, ''),
        join(PACKAGES, name, source),
      ]),
    ),
    outDir: dist,
    format: 'esm',
    outExtension: () => ({ js: '.js' }),
    platform: 'node',
    target: 'node20',
    tsconfig: join(PACKAGES, '../tsconfig.base.json'),
    loader: assetLoaders,
    esbuildPlugins: assetPlugins,
    // What is imported by name is a package of its own, and found as Node finds it.
    external: [/^@latticra\//, ...Object.keys(manifest.dependencies ?? {})],
    noExternal: [/\.(wasm|json)$/],
    silent: true,
  });
}
