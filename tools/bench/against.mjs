// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm bench:compare`: builds the commands of another commit in a worktree under the temporary folder, and runs them and those
 * that are built here in pairs, A B A B …: the start of commands (of ten in a row), and small things. After `pnpm build`; 15 pairs unless given.
 * The worktree goes again, however this ends.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whyNotBuilt } from '../release/built.mjs';
import { readArguments, refuse } from '../script/script.mjs';
import { networkEnvironment } from './certificates.mjs';
import { BATCH, batchOf, startCommands } from './commands.mjs';
import { compareFully } from './compare.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What takes longer than a start, on files of its own. */
const SMALL = [
  ['boot-seed-build', '--output-dir', 'seed'],
  ['boot-seed-vm-image-build', '--kernel', 'kernel/latticra-boot-seed.elf', '--output-dir', 'vm'],
  ['latticra', 'rehearse', '--emulator', 'v86', '--output-dir', 'rehearsal'],
];

const { positionals } = readArguments(import.meta.url, {}, ['<commit>', '[<runs>]']);
const [ref, runs = '15'] = positionals;
const git = (...argv) =>
  execFileSync('git', ['-C', ROOT, ...argv], { encoding: 'utf8', stdio: 'pipe' }).trim();
const folder = mkdtempSync(join(tmpdir(), 'latticra-compare-'));
const other = join(folder, 'other');

function cleanUp() {
  // Twice: one that was being added is locked. Where there is none, git says so to nobody.
  spawnSync('git', ['-C', ROOT, 'worktree', 'remove', '--force', '--force', other], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
}
process.on('exit', cleanUp);
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])
  process.on(signal, () => process.exit(status));

/** Lays the commit beside this one, and builds it there, by the command that every commit has for that. */
function buildOther(commit) {
  git('worktree', 'add', '--quiet', '--detach', other, commit);
  const run = (cwd, ...argv) => {
    const { status, stdout, stderr } = spawnSync(argv[0], argv.slice(1), {
      ...{ cwd, encoding: 'utf8' },
      env: networkEnvironment(),
    });
    if (status !== 0)
      refuse(import.meta.url, `${argv.slice(0, 3).join(' ')} of ${ref} failed: ${(stderr || stdout).trim()}`);
  };
  run(
    other,
    process.execPath,
    'tools/bootstrap/pnpm.mjs',
    'install',
    '--frozen-lockfile',
    '--prefer-offline',
  );
  run(other, process.execPath, 'tools/build.mjs');
}

if (!/^[1-9]\d*$/.test(runs))
  refuse(import.meta.url, `expected how many runs, a whole number above 0; found ${runs}`, 64);
let commit;
try {
  commit = git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
} catch {
  refuse(import.meta.url, `${ref}: no commit of this repository`, 64);
}
const rows = [
  ...startCommands(process.versions.node).map(({ what, words }) => ({ what, words, batch: BATCH })),
  ...SMALL.map((words) => ({ what: words.slice(0, 2).join(' '), words, batch: 1 })),
];
const apps = [...new Set(rows.map(({ words }) => words[0]))];
const known = new Map();
for (const app of apps) {
  const why = whyNotBuilt(ROOT.replace(/\/$/, ''), `apps/${app}`, known);
  if (why !== undefined) refuse(import.meta.url, why.replace(/: run pnpm build.*/, ': run pnpm build first'));
}
buildOther(commit);

const command = (root, [app, ...argv], batch = 1) => {
  const cwd = join(folder, root === ROOT ? 'here' : 'there');
  mkdirSync(cwd, { recursive: true });
  const script = join(root, 'apps', app, 'dist/main.cjs');
  const whole = [process.execPath, script, ...argv];
  return { argv: batch === 1 ? whole : batchOf(whole), cwd };
};
for (const root of [ROOT, other]) {
  const { argv, cwd } = command(root, ['boot-seed-build', '--output-dir', 'kernel']);
  // Read, as a command whose answer goes nowhere refuses to work.
  execFileSync(argv[0], argv.slice(1), { cwd, stdio: 'pipe' });
}
process.stdout.write(
  `Node ${process.versions.node}, pairs: ${runs}; ${ref} is ${commit.slice(0, 12)}. Work is the time that processors were busy.\n\n` +
    '| what | there | here | ratio: median, of the least | ratio of work |\n| --- | --- | --- | --- | --- |\n',
);
for (const { what, words, batch } of rows) {
  if (!existsSync(join(other, 'apps', words[0], 'dist/main.cjs'))) continue;
  const { usual, least, work } = compareFully(
    command(ROOT, words, batch),
    command(other, words, batch),
    Number(runs),
  );
  const ms = (seconds) => `${((1000 * seconds) / batch).toFixed(1)} ms`;
  const ratios = `${usual.ratio.toFixed(2)}, ${least.ratio.toFixed(2)} | ${work.ratio.toFixed(2)}`;
  process.stdout.write(`| \`${what}\` | ${ms(usual.b)} | ${ms(usual.a)} | ${ratios} |\n`);
}
