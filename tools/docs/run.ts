// SPDX-License-Identifier: Apache-2.0
/** Runs blocks of TypeScript as the scripts that a reader makes of them. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'tsup';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { type Block, ROOT } from './blocks.js';
import { folderOf } from './compile.js';

/** Bundles each block with the sources that it imports, into `folder`, and returns the scripts in the same order. */
export async function bundleBlocks(blocks: readonly Block[], folder: string): Promise<string[]> {
  const names = blocks.map((_, index) => `block-${index}`);
  mkdirSync(join(folder, 'blocks'), { recursive: true });
  const files = names.map((name) => join(folder, 'blocks', `${name}.ts`));
  for (const [index, file] of files.entries()) writeFileSync(file, blocks[index]?.text ?? '');
  await build({
    config: false,
    entry: files,
    outDir: join(folder, 'dist'),
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    platform: 'node',
    target: 'node20',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    loader: assetLoaders,
    noExternal: [/.*/],
    silent: true,
    esbuildOptions(options) {
      options.conditions = ['@latticra/source'];
    },
    esbuildPlugins: [
      ...assetPlugins,
      {
        name: 'as-a-consumer',
        setup(bundler) {
          bundler.onResolve({ filter: /^@latticra\// }, ({ path, kind, resolveDir }) => {
            const packageFolder = folderOf(path);
            // A package that is asked by its own name answers with its exports.
            return resolveDir === join(folder, 'blocks') && packageFolder !== undefined
              ? bundler.resolve(path, { kind, resolveDir: packageFolder })
              : undefined;
          });
        },
      },
    ],
  });
  const scripts = names.map((name) => join(folder, 'dist', `${name}.mjs`));
  const missing = scripts.filter((script) => !existsSync(script));
  if (missing.length > 0) throw new Error(`not bundled: ${missing.join(', ')}`);
  return scripts;
}

/** Runs a script in `cwd`, without any program on PATH, and returns what it wrote. Fails unless it exits with 0. */
export async function runScript(script: string, cwd: string, args: readonly string[] = []): Promise<string> {
  const env = { ...process.env, PATH: '', SOURCE_DATE_EPOCH: '0' };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], { cwd, env });
  return `${stdout}${stderr}`;
}

/**
 * Returns what a block says that it prints: the comments beside and right behind its `console.log` and
 * `console.error`, in pieces where they leave something out.
 */
export function promisedOutput({ text }: Block): string[] {
  const comments = /\bconsole\.(?:log|error)\([^;]*?\);(?:[ ]*\/\/ (.*))?((?:\n *\/\/ .*)*)/g;
  return [...text.matchAll(comments)].flatMap(([, beside = '', behind = '']) =>
    [beside, ...behind.split('\n').map((line) => line.replace(/^ *\/\/ /, ''))]
      .flatMap((line) => line.split(/,? ?…,? ?/))
      .filter((piece) => piece !== ''),
  );
}
