// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { writeStamp } from '../release/built.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Loads what builds projects. It is bundled into a file beside it, which goes again: Node does not read TypeScript.
 * @returns a function that builds the project of that folder, relative to the workspace's, and stamps it
 */
export async function loadBuilder() {
  const file = join(ROOT, 'build', `builder-${process.pid}.mjs`);
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(ROOT, 'tools/builder/project.ts')],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    write: false,
  });
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  writeFileSync(file, outputFiles[0].contents);
  let buildProject;
  try {
    ({ buildProject } = await import(pathToFileURL(file).href));
  } finally {
    rmSync(file);
  }
  /** Digests of the sources that were read, which many projects are built of. */
  const known = new Map();
  return async (project) => {
    await buildProject(join(ROOT, project));
    writeStamp(ROOT, project, known);
  };
}
