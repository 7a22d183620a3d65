// SPDX-License-Identifier: Apache-2.0
/**
 * The rows of `bench.mjs --building`: this repository built, as it is committed, in a worktree of its own that goes again; and its boots out
 * of the cache, in this one.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { networkEnvironment } from './certificates.mjs';
import { compare, median } from './compare.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Measures what whoever works on this repository waits for. */
export function buildingRows({ row, has, folder, runs }) {
  const other = join(folder, 'other');
  const git = (...argv) => execFileSync('git', ['-C', ROOT, ...argv], { stdio: 'pipe' });
  git('worktree', 'add', '--quiet', '--detach', other, 'HEAD');
  try {
    const install = ['tools/bootstrap/pnpm.mjs', 'install', '--frozen-lockfile', '--prefer-offline'];
    execFileSync(process.execPath, install, { cwd: other, env: networkEnvironment(), stdio: 'pipe' });
    const cache = join(folder, 'nx-cache');
    const env = {
      ...process.env,
      NX_CACHE_DIRECTORY: cache,
      NX_WORKSPACE_DATA_DIRECTORY: join(folder, 'nx-data'),
    };
    const remove = (path) => rmSync(path, { recursive: true, force: true });
    const unbuild = () => {
      for (const kind of ['packages', 'apps']) {
        for (const name of readdirSync(join(other, kind))) remove(join(other, kind, name, 'dist'));
      }
    };
    const cold = () => {
      for (const name of ['nx-cache', 'nx-data']) remove(join(folder, name));
      unbuild();
    };
    const build = { argv: [process.execPath, 'tools/build.mjs'], cwd: other, env };
    const rows = [
      ['`pnpm build`, nothing kept', cold, 'at most 22 s'],
      ['`pnpm build`, all of it in the cache', unbuild, 'none'],
      ['`pnpm build`, nothing to do', undefined, 'at most 1.5 s'],
    ];
    for (const [what, before, goal] of rows) {
      row(what, '', compare({ ...build, before }, undefined, runs), goal);
    }
  } finally {
    git('worktree', 'remove', '--force', '--force', other);
  }
  if (!(has('qemu-system-x86_64') && has('qemu-img') && has('grub-mkimage'))) {
    process.stderr.write('left out: boots out of the cache, which need QEMU and GRUB\n');
    return;
  }
  const boots = { argv: [process.execPath, 'tools/boot-matrix/main.mjs'], cwd: ROOT };
  // The first of them, which is not counted, boots what the cache has no record of.
  row('`pnpm boot-matrix`, 32 boots out of the cache', '', compare(boots, undefined, runs), 'at most 0.8 s');
  const beside = 'the time the boots took, by their records, shared by both processors';
  row('`pnpm boot-matrix`, 32 boots, none in the cache', beside, coldBoots(folder, runs), 'at most 1.10');
}

/** Boots every case anew, with images and commands out of a cache. Returns the seconds from start to end beside what the boots took. */
function coldBoots(folder, runs) {
  const [built, booted] = ['nx-built', 'nx-booted'].map((name) => join(folder, name));
  const env = (place) => ({
    ...process.env,
    ...{ NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' },
    ...{ NX_CACHE_DIRECTORY: join(place, 'cache'), NX_WORKSPACE_DATA_DIRECTORY: join(place, 'data') },
  });
  const nx = (...argv) =>
    execFileSync(join(ROOT, 'node_modules/.bin/nx'), argv, { cwd: ROOT, env: env(built), stdio: 'pipe' });
  nx('run', 'boot-matrix:images', '--output-style=static');
  nx('run', '@latticra/boot-matrix:build', '--output-style=static');
  const records = join(ROOT, 'build/boot-matrix/records');
  const before = () => {
    rmSync(booted, { recursive: true, force: true });
    cpSync(built, booted, { recursive: true });
    rmSync(records, { recursive: true, force: true });
    rmSync(join(ROOT, 'build/boot-matrix/known.json'), { force: true });
  };
  const argv = [process.execPath, 'tools/boot-matrix/main.mjs'];
  const samples = Array.from({ length: runs }, () => {
    const { a } = compare({ argv, cwd: ROOT, env: env(booted), before }, undefined, 1, 0);
    const b = bootSeconds(records) / availableParallelism();
    return [a, b, a / b];
  });
  const [a, b, ratio] = [0, 1, 2].map((index) => median(samples.map((sample) => sample[index])));
  return { a, b, ratio };
}

/** Returns the seconds that all boots of a folder of records took. */
function bootSeconds(records) {
  const files = readdirSync(records, { recursive: true }).filter((name) => name.endsWith('record.txt'));
  const texts = files.map((name) => readFileSync(join(records, name), 'utf8'));
  return texts.reduce((sum, text) => sum + Number(/^boot_duration_ms=(\d+)$/m.exec(text)[1]) / 1000, 0);
}
