// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm fuzz`: fuzzes the targets that are named, or all, one after the other: each for `--minutes`, 1 unless given, or for so many `--runs`,
 * from a `--seed` that makes it the same again. Prints a row for each; what was found goes into `artifacts/fuzz/<target>/`, each as the
 * input and the stack, and it ends with 1. `command.ts` does it, which is bundled first.
 */
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { readArguments } from '../script/script.mjs';

const { values, positionals } = readArguments(
  import.meta.url,
  {
    minutes: { type: 'string', default: '1' },
    runs: { type: 'string', default: String(2 ** 31) },
    seed: { type: 'string', default: '1' },
  },
  ['[<target>...]'],
);
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
process.exitCode = await command(ROOT, positionals, values);
