// SPDX-License-Identifier: Apache-2.0
/**
 * Builds the projects that it is sent, one after the other, as `tsup --config ../../tsup.config.ts` does in the folder of each, and stamps them.
 * The configuration, tsup, esbuild and all that was compiled of them are loaded once, and what was found out for one project is known for the next.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { build } from 'tsup';
import { writeStamp } from '../release/built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Digests of the sources that were read, which many projects are built of. */
const known = new Map();
const optionsOf = await loadOptions();

process.on('message', async (project) => {
  let hasHeld = false;
  try {
    process.chdir(join(ROOT, project));
    await build({ ...optionsOf(), config: false });
    writeStamp(ROOT, project, known);
    hasHeld = true;
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
  }
  process.send(hasHeld);
});

process.on('disconnect', () => process.exit());

/** Loads the configuration out of a file beside it, which goes again: Node does not read TypeScript. */
async function loadOptions() {
  const file = join(ROOT, 'build', `tsup.config-${process.pid}.mjs`);
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(ROOT, 'tsup.config.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    write: false,
  });
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  writeFileSync(file, outputFiles[0].contents);
  try {
    return (await import(pathToFileURL(file).href)).default;
  } finally {
    rmSync(file);
  }
}
