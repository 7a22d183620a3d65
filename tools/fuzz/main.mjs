// SPDX-License-Identifier: Apache-2.0
/** `pnpm fuzz`: bundles `command.ts`, which is TypeScript, and runs it. */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const outfile = join(ROOT, 'build/fuzz/command.mjs');
await build({
  entryPoints: [join(ROOT, 'tools/fuzz/command.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'error',
});
const { command } = await import(pathToFileURL(outfile).href);
process.exitCode = await command(ROOT, process.argv.slice(2));
