// SPDX-License-Identifier: Apache-2.0
/** The rows of `bench.mjs --many`: ten thousand boot records, held against their matrix and brought into one folder. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleTo } from './bundle.mjs';
import { compareFully } from './compare.mjs';

const RECORDS = 10_000;

/**
 * Measures boot records by the thousand.
 * @param options.scale what their number is multiplied by: to try it out
 */
export async function manyRows({ row, folder, app, runs, scale }) {
  const lay = join(folder, 'lay.cjs');
  await bundleTo(new URL('growth/lay.ts', import.meta.url), lay);
  const count = Math.ceil((RECORDS * scale) / 4) * 4;
  const boots = join(folder, 'boots');
  mkdirSync(boots);
  execFileSync(process.execPath, [lay, 'records', boots, String(count)], { stdio: 'pipe' });
  const records = `${count.toLocaleString('en')} records`;
  const sh = (script, more = {}) => ({ argv: ['sh', '-c', script], cwd: folder, ...more });
  const rows = (what, beside, a, b, goal) => {
    const { usual, least, work } = compareFully(a, b, runs);
    row(`${what}, ${records}`, beside, usual, goal);
    row('the same, the least of all runs', beside, least, goal);
    row('the same, in seconds of processors', beside, work, 'none');
  };

  const table = app('boot-matrix', 'table', '--matrix', 'boots/matrix.toml', '--records', 'boots/records');
  const read = sh('find boots -type f -exec sha256sum {} + >sums.txt');
  rows('`boot-matrix table`', '`find -exec sha256sum`, which judges nothing', table, read, 'at most 1 s');

  // None is removed before the last is measured: a file system without a journal gives an inode that was freed to nobody for
  // minutes, and looks at each of them before it finds another.
  const merged = [];
  const setAside = () => {
    const aside = `merged-${merged.length}`;
    if (existsSync(join(folder, 'merged'))) renameSync(join(folder, 'merged'), join(folder, aside));
    merged.push(aside);
  };
  const away = { before: setAside };
  const merge = {
    ...app('boot-matrix', 'merge', '--from', 'boots/records', '--into', 'merged'),
    ...away,
  };
  const copy = 'cp -r boots/records merged';
  rows('`boot-matrix merge`', '`cp -r`, which syncs nothing', merge, sh(copy, away), 'at most 6 s');
  const synced = sh(`${copy} && find merged -exec sync {} +`, away);
  rows('`boot-matrix merge`', '`cp -r`, then `sync` of each', merge, synced, 'none');
  setAside();
  for (const each of merged) rmSync(join(folder, each), { recursive: true, force: true });
}
