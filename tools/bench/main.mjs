// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm bench`: measures every table of docs/benchmarks.md, one after the other, and prints them as the page has them. After `pnpm build`.
 *
 *   pnpm bench [--only start,small,large,images,seal,linux] [--node <path>]... [--linux my-debian] [--write]
 *
 * `--node` adds a Node to this one in the table of start-up, and may be given again; `--linux` names the folder of docs/linux.md, without which
 * that table is left out. With `--write` each table takes the place of the one under its heading; what the page says of it stays, and
 * is to be read again. It needs 20 GB of disk and half an hour, on a machine that does nothing else.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withTable } from './page.mjs';

const PAGE = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const BENCH = fileURLToPath(new URL('bench.mjs', import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'start,small,large,images,seal,linux' },
    node: { type: 'string', multiple: true, default: [] },
    linux: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const nodes = [process.execPath, ...values.node].flatMap((path) => ['--node', path]);
const TABLES = {
  start: ['Start', ['--start', ...nodes]],
  small: ['Small things', []],
  large: ['Large artifacts', ['--large']],
  images: ['Images and archives', ['--images']],
  seal: ['Latticra Seal', ['--seal']],
  linux: ['A Linux system', values.linux === undefined ? undefined : ['--linux', values.linux]],
};
const names = values.only.split(',');
const unknown = names.filter((name) => !Object.hasOwn(TABLES, name));
if (unknown.length > 0) {
  process.stderr.write(`bench: expected of ${Object.keys(TABLES).join()}, found ${unknown.join()}\n`);
  process.exit(1);
}
for (const name of names) {
  const [heading, argv] = TABLES[name];
  if (argv === undefined) {
    process.stderr.write(`left out: ${heading}, which needs --linux and the folder of docs/linux.md\n`);
    continue;
  }
  const { status, stdout } = spawnSync(process.execPath, [BENCH, ...argv], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  process.stdout.write(`## ${heading}\n\n${stdout}\n`);
  if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), heading, stdout));
}
