// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm boot-matrix`: has Nx boot every case that its cache has no record of, then prints one table of all records, also
 * when a case failed. What Nx tells goes to stderr. Where everything is as the last run left it Nx is not asked, unless it is told
 * something: `--skip-nx-cache` boots every case again, `--parallel` says how many at once, `--verbose` shows what Nx does.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT, run } from '../bootstrap/workspace.mjs';
import { whyNotBuilt } from '../release/built.mjs';
import { readArguments } from '../script/script.mjs';
import { nxEnv } from '../workspace-plugin/nx-env.mjs';
import { digestFiles, forgetKnown, isAnythingKnown, isKnown, keepKnown } from './known.mjs';

/** The project, whose records the plugin puts into a folder of this name. */
const PROJECT = 'tools/boot-matrix';
const { values } = readArguments(import.meta.url, {
  'skip-nx-cache': { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  parallel: { type: 'string' },
});

/** What Nx is told. */
const ARGV = [
  ...['skip-nx-cache', 'verbose'].filter((flag) => values[flag]).map((flag) => `--${flag}`),
  ...(values.parallel === undefined ? [] : [`--parallel=${values.parallel}`]),
];

/** The apps that make images and boot them. */
const APPS = ['boot-matrix', 'boot-seed-build', 'boot-seed-vm-image-build'];

/** What Nx asks the machine for the cases and their images, each an input of theirs. */
const ASKED = [
  [process.execPath, join(ROOT, 'packages/boot-cases/outside-inputs.mjs')],
  ['grub-mkimage', '--version'],
  ['qemu-img', '--version'],
];
const askMachine = async () =>
  JSON.stringify(
    await Promise.all(
      ASKED.map(
        ([program, ...argv]) =>
          new Promise((resolve) => {
            // What a signal ended has no code, and did not go well.
            execFile(program, argv, (error, stdout) =>
              resolve([error === null ? 0 : (error.code ?? error.signal), stdout]),
            );
          }),
      ),
    ),
  );

const TABLE = [
  join(ROOT, 'apps/boot-matrix/dist/main.cjs'),
  'table',
  ...['--matrix', `${PROJECT}/boot-matrix.toml`],
  ...['--records', `build/boot-matrix/records/${PROJECT}`],
];

/** Starts the table of what there is now. It is held back: whether it is what was asked for is found out meanwhile. */
function startTable() {
  const text = [];
  const child = spawn(process.execPath, TABLE, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of ['stdout', 'stderr'])
    child[stream].on('data', (bytes) => text.push([process[stream], bytes]));
  const ended = once(child, 'close');
  return {
    /** Shows it whole. Resolves to its status. */
    async show() {
      const [status] = await ended;
      for (const [stream, bytes] of text) stream.write(bytes);
      return status ?? 1;
    },
    async drop() {
      child.kill();
      await ended;
    },
  };
}

async function bootCases() {
  const asking = askMachine();
  const known = new Map();
  // While the machine answers.
  const isBuilt = APPS.every((app) => whyNotBuilt(ROOT, `apps/${app}`, known) === undefined);
  if (isBuilt && ARGV.length === 0 && isAnythingKnown(ROOT)) {
    const table = startTable();
    const files = digestFiles(ROOT);
    if (isKnown(ROOT, await asking, files)) return await table.show();
    await table.drop();
  }
  forgetKnown(ROOT);
  const nx = join(ROOT, 'node_modules/.bin/nx');
  const status = run(nx, ['run', 'boot-matrix:cases', '--output-style=static', ...ARGV], {
    env: nxEnv(process.env),
  });
  const table = startTable();
  // Not where the machine was changed meanwhile: nobody knows which cases saw what.
  const machine = await asking;
  if (status === 0 && (await askMachine()) === machine) keepKnown(ROOT, machine);
  const shown = await table.show();
  return status || shown;
}

process.exitCode = await bootCases();
