// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm check:changed`: a quick answer while working. Lints everything, type-checks what a change reaches, and runs the unit
 * tests of the projects that it touches themselves; `pnpm test:changed` runs those of all that it reaches. The change is
 * what differs from `main`, or from the commit that `--base` names, committed or not.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from './script/script.mjs';
import { nxEnv } from './workspace-plugin/nx-env.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = readArguments(import.meta.url, { base: { type: 'string', default: 'main' } });

const git = (...args) =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '');
const { stdout, status } = spawnSync('git', ['merge-base', values.base, 'HEAD'], {
  cwd: ROOT,
  encoding: 'utf8',
});
if (status !== 0) refuse(import.meta.url, `--base: no commit that this branch began at: ${values.base}`, 64);
const fork = stdout.trim();
const changed = [
  ...git('diff', '--name-only', '-z', fork),
  ...git('ls-files', '-o', '--exclude-standard', '-z'),
];
const touched = [
  ...new Set(changed.map((path) => /^(?:(?:packages|apps)\/[^/]+|tools)(?=\/)/.exec(path)?.[0])),
]
  .filter((folder) => folder !== undefined)
  .sort();

/** Runs a tool of the workspace, and returns whether it held and what it printed. */
const run = (tool, ...args) =>
  new Promise((resolve) => {
    const child = spawn(join(ROOT, 'node_modules/.bin', tool), args, {
      cwd: ROOT,
      env: nxEnv(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ held: false, output: `${tool}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ held: code === 0, output }));
  });

const checks = {
  lint: run('biome', 'check', '.'),
  types: run('nx', 'affected', '-t', 'typecheck', `--base=${fork}`),
  ...(touched.length > 0 && {
    [`unit tests of ${touched.join(', ')}`]: run('nx', 'run-many', '-t', 'unit', '-p', touched.join(',')),
  }),
};
for (const [name, check] of Object.entries(checks)) {
  const { held, output } = await check;
  process.stdout.write(`${held ? 'ok  ' : 'FAIL'}  ${name}\n${held ? '' : output}`);
  if (!held) process.exitCode = 1;
}
