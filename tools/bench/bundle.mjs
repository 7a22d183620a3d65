// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What a package carries inside its code, as tools/assets/plugin.ts has it. */
const LOADER = {
  '.S': 'text',
  '.toml': 'text',
  '.md': 'text',
  '.bin': 'binary',
  '.elf': 'binary',
  '.wasm': 'binary',
};

/** Makes of a script of the sources, and all that it imports, one file that Node runs. */
export async function bundleTo(source, file) {
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile: file,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    conditions: ['@latticra/source'],
    loader: LOADER,
    logLevel: 'error',
    // Of threads, which what is bundled here never starts.
    external: ['*?bundle', '*?sha256'],
  });
}
