// SPDX-License-Identifier: Apache-2.0
// Assembles the seed again and puts what came out beside its sources, after a change of theirs, or into the folder that is named.
// `git diff --stat` then tells what changed.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// From the TypeScript itself: a build of this package holds the machine code that is to be made anew.
const { outputFiles } = await build({
  stdin: {
    contents:
      "export { assembleSeed } from './src/seed/assemble.ts'; export { requireProgram } from '@latticra/toolchain';",
    resolveDir: fileURLToPath(new URL('..', import.meta.url)),
  },
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  conditions: ['@latticra/source'],
  loader: { '.S': 'text', '.bin': 'binary', '.elf': 'binary' },
  plugins: [
    {
      // Scripts for threads, and digests, that libraries carry: nothing here uses one.
      name: 'left-out',
      setup(bundler) {
        bundler.onResolve({ filter: /\?(?:bundle|sha256)$/ }, ({ path }) => ({
          path,
          namespace: 'left-out',
        }));
        bundler.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: "export default '';" }));
      },
    },
  ],
  // What it imports of CommonJS asks for it.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
});
const { assembleSeed, requireProgram } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);

const parts = await assembleSeed({ as: requireProgram('as'), ld: requireProgram('ld') });
const files = {
  'kernel.elf': parts.kernel,
  'master-boot.bin': parts.masterBoot,
  'bios-loader.bin': parts.biosLoader,
  'uefi-loader.bin': parts.uefiLoader,
};
const [folder = fileURLToPath(new URL('prebuilt', import.meta.url))] = process.argv.slice(2);
for (const [name, bytes] of Object.entries(files)) writeFileSync(resolve(folder, name), bytes);
