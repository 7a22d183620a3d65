// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm build`: has Nx build every project, and links the commands. Where each one is as it was built from what is there,
 * by content, Nx is not asked at all: reading the workspace takes it longer than that.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whyNotBuilt } from './release/built.mjs';
import { readArguments } from './script/script.mjs';
import { nxEnv } from './workspace-plugin/nx-env.mjs';

readArguments(import.meta.url);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const projects = ['packages', 'apps'].flatMap((kind) =>
  readdirSync(join(ROOT, kind)).map((name) => join(kind, name)),
);
const known = new Map();
const isBuilt = projects.every((project) => whyNotBuilt(ROOT, project, known) === undefined);
try {
  if (isBuilt) process.stdout.write(`${projects.length} projects are built from what is there\n`);
  else
    execFileSync(join(ROOT, 'node_modules/.bin/nx'), ['run-many', '-t', 'build'], {
      cwd: ROOT,
      env: nxEnv(process.env),
      stdio: 'inherit',
    });
  await import('./link-bins.mjs');
} catch (error) {
  // Nx said why.
  if (typeof error.status !== 'number') throw error;
  process.exitCode = error.status;
}
