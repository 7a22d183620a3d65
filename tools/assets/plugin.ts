// SPDX-License-Identifier: Apache-2.0
/**
 * Files that a package carries inside its code, so that its bundle is all an app needs:
 * `.S`, `.toml` and `.md` arrive as text, `.bin`, `.elf` and `.wasm` as bytes, `./x.js?bundle` as the text of a script
 * in CommonJS, made of `x.ts` and all that it imports: for a thread, and `./x.toml?sha256` as the SHA-256 of that file, hexadecimal.
 * tsup (esbuild) and vitest (vite) read this one table.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, extname, relative, resolve, sep } from 'node:path';
import { build, type Plugin, type PluginBuild } from 'esbuild';

const KIND: Record<string, 'text' | 'binary'> = {
  '.S': 'text',
  '.toml': 'text',
  '.md': 'text',
  '.bin': 'binary',
  '.elf': 'binary',
  '.wasm': 'binary',
};

/** The table for esbuild's `loader` option. */
export const assetLoaders: Record<string, 'text' | 'binary'> = KIND;

const BUNDLE = /\?bundle$/;

/** Returns the source that `./x.js?bundle` means, seen from a folder. */
const bundledSource = (specifier: string, folder: string) =>
  resolve(folder, specifier.replace(BUNDLE, '').replace(/\.js$/, '.ts'));

const DIGEST = /\?sha256$/;

/** Returns the script that exports the digest of a file. */
const digestScript = (file: string) =>
  `export default '${createHash('sha256').update(readFileSync(file)).digest('hex')}';`;

/** Returns the folder that a bundle's paths start at. */
const placeOf = ({ initialOptions }: PluginBuild) => initialOptions.absWorkingDir ?? process.cwd();

/** Returns a file as esbuild names its own in a bundle: the same wherever the workspace lies, for Nx keeps the bundle. */
const nameIn = (cwd: string, file: string) => relative(cwd, file).split(sep).join('/');

/** A script that was bundled. */
interface Script {
  readonly text: string;
  /** What went into it, as in esbuild's account, by absolute paths. */
  readonly inputs: readonly (readonly [path: string, input: object])[];
}

/** Bundles a script with all that it imports. @param source absolute */
async function bundle(source: string): Promise<Script> {
  const cwd = dirname(source);
  const { outputFiles, metafile } = await build({
    absWorkingDir: cwd,
    entryPoints: [source],
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    loader: assetLoaders,
    conditions: ['@latticra/source'],
    // Of what it imports something may start another thread.
    plugins: assetPlugins,
  });
  const inputs = Object.values(metafile.outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .map(([name, input]) => [inNamespace(name, (path) => resolve(cwd, path)), input] as const);
  return { text: outputFiles.map(({ text }) => text).join(''), inputs };
}

/** Changes the path in the name of an input, which has the namespace of a plugin before it where that made it. */
function inNamespace(name: string, changed: (path: string) => string): string {
  const [, namespace = '', path = name] = /^([a-z-]{2,}:)(.*)$/s.exec(name) ?? [];
  return namespace + changed(path);
}

/** Scripts by their sources, as far as they were bundled; what went into them does not change as long as they are kept. */
export type Scripts = Map<string, Promise<Script>>;

/**
 * Makes the plugins for esbuild; one that reads its account of the bundle comes after them.
 * @param scripts of other bundles that share it: each is bundled once for all of them
 */
export function makeAssetPlugins(scripts?: Scripts): Plugin[] {
  return [bundlesPlugin(scripts), DIGESTS_PLUGIN];
}

function bundlesPlugin(shared?: Scripts): Plugin {
  return {
    name: 'latticra-bundles',
    setup(bundler) {
      const namespace = 'latticra-bundle';
      const cwd = placeOf(bundler);
      const scripts: Scripts = shared ?? new Map();
      const inputsOf = new Map<string, Script['inputs']>();
      bundler.onResolve({ filter: BUNDLE }, ({ path, resolveDir }) => ({
        path: nameIn(cwd, bundledSource(path, resolveDir)),
        namespace,
      }));
      bundler.onLoad({ filter: /./, namespace }, async ({ path }) => {
        const source = resolve(cwd, path);
        const made = scripts.get(source) ?? bundle(source);
        scripts.set(source, made);
        const { text, inputs } = await made;
        inputsOf.set(`${namespace}:${path}`, inputs);
        return { contents: text, loader: 'text' };
      });
      // What is in a script is in what carries it: notices are made from this account, so they have to be told.
      bundler.onEnd(({ metafile }) => {
        for (const { inputs } of Object.values(metafile?.outputs ?? {})) {
          for (const name of Object.keys(inputs))
            for (const [path, input] of inputsOf.get(name) ?? [])
              Object.assign(inputs, { [inNamespace(path, (each) => nameIn(cwd, each))]: input });
        }
      });
    },
  };
}

const DIGESTS_PLUGIN: Plugin = {
  name: 'latticra-digests',
  setup(bundler) {
    const namespace = 'latticra-digest';
    const cwd = placeOf(bundler);
    bundler.onResolve({ filter: DIGEST }, ({ path, resolveDir }) => ({
      path: nameIn(cwd, resolve(resolveDir, path.replace(DIGEST, ''))),
      namespace,
      sideEffects: false,
    }));
    bundler.onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: digestScript(resolve(cwd, path)),
      loader: 'js',
    }));
  },
};

/** The plugins for a bundle that shares nothing with others. */
export const assetPlugins: Plugin[] = makeAssetPlugins();

/** Makes the plugin for vite's `plugins` option. */
export function assetPlugin() {
  return {
    name: 'latticra-assets',
    enforce: 'pre' as const,
    resolveId(specifier: string, importer: string | undefined) {
      if (importer === undefined) return undefined;
      if (DIGEST.test(specifier)) return resolve(dirname(importer), specifier);
      if (!BUNDLE.test(specifier)) return undefined;
      return `${bundledSource(specifier, dirname(importer))}?bundle`;
    },
    async load(id: string) {
      if (BUNDLE.test(id))
        return `export default ${JSON.stringify((await bundle(id.replace(BUNDLE, ''))).text)};`;
      if (DIGEST.test(id)) return digestScript(id.replace(DIGEST, ''));
      const kind = KIND[extname(id)];
      if (kind === undefined) return undefined;
      if (kind === 'text') return `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`;
      const base64 = readFileSync(id).toString('base64');
      return `export default new Uint8Array(Buffer.from(${JSON.stringify(base64)}, 'base64'));`;
    },
  };
}
