// SPDX-License-Identifier: Apache-2.0
/** Bundles of a project that imports everything, by the bundlers that people use. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

/** Returns the script that each bundler made of `entry`, by its name. */
export async function bundleAll(root, folder, entry) {
  const byEsbuild = join(folder, 'by-esbuild/main.mjs');
  await esbuild.build({
    entryPoints: [join(folder, entry)],
    outfile: byEsbuild,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    // What a bundle in ESM wants for the CommonJS in it.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  // Vite comes with vitest.
  const vitest = createRequire(join(root, 'package.json')).resolve('vitest/package.json');
  const { build } = await import(pathToFileURL(createRequire(vitest).resolve('vite')).href);
  const outDir = join(folder, 'by-vite');
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, target: 'node' },
    build: { ssr: join(folder, entry), outDir, target: 'node20', minify: false },
  });
  const script = readdirSync(outDir).find((name) => /\.m?js$/.test(name));
  return { esbuild: byEsbuild, vite: join(outDir, script) };
}
