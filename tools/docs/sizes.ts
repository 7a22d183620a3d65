// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { installedPlugin } from '../assets/installed.js';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { ROOT } from './blocks.js';

/** Returns how many bytes the main entry of a library is in a bundle, minified, with all that it imports but Node. */
export async function bundledBytes(folder: string): Promise<number> {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'));
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'packages', folder, exports['.']['@latticra/source'])],
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@latticra/source'],
    loader: assetLoaders,
    plugins: [installedPlugin, ...assetPlugins],
    logLevel: 'silent',
  });
  // What is loaded later is a file of its own, and of no account to who never asks for it.
  const [entry] = outputFiles.filter(({ path }) => path.endsWith('/out/index.js'));
  const texts = new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*\//, ''), text]));
  const seen = new Set<string>();
  const visit = (name: string): number => {
    if (seen.has(name)) return 0;
    seen.add(name);
    const text = texts.get(name) ?? '';
    const imported = [...text.matchAll(/(?:from|import)"\.\/([\w.-]+)"/g)].map(([, other = '']) => other);
    return Buffer.byteLength(text) + imported.reduce((sum, other) => sum + visit(other), 0);
  };
  return entry === undefined ? 0 : visit('index.js');
}
