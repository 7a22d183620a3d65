// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { assetLoaders, assetPlugins } from '../assets/plugin.js';
import { instrumentation } from './trace/instrument.js';

/** The script of the thread, and the functions in it by `file#name`, each with the branch that it begins with. */
export interface Bundle {
  readonly script: string;
  readonly functions: ReadonlyMap<string, number>;
}

/** Bundles `worker.ts` with all readers, instrumented, into `folder`. */
export async function bundleWorker(root: string, folder: string): Promise<Bundle> {
  const { plugin, functions } = instrumentation(root);
  const { outputFiles } = await build({
    entryPoints: [join(root, 'tools/fuzz/worker.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    keepNames: true,
    loader: assetLoaders,
    plugins: [plugin, ...assetPlugins],
    conditions: ['@latticra/source'],
    // For what is CommonJS inside.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    absWorkingDir: root,
    logLevel: 'silent',
  });
  const script = join(folder, 'worker.mjs');
  writeFileSync(script, outputFiles[0]?.contents ?? '');
  return { script, functions };
}
