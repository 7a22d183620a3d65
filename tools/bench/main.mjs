// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm bench`: measures every table of docs/benchmarks.md, one after the other, and prints them as the page has them. After `pnpm build`.
 *
 * `--only` takes start, small, large, images, seal, many, building, growth and linux, with commas between them. `--node` adds a Node to this
 * one in the table of start-up, and may be given again; `--linux` names the folder of docs/linux.md, without which that table is left out.
 * With `--write` each table takes the place of the first one under its heading, and the paragraph that begins with a date, which says what
 * it was measured on, that of before; the rest of what the page says stays, and is to be read again. Pictures of growth go into docs/ then,
 * else into build/bench/. It needs 20 GB of disk and an hour, on a machine that does nothing else; `--runs 1` and `--scale 0.01` try it out.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from '../script/script.mjs';
import { withTable } from './page.mjs';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));
const PAGE = `${DOCS}benchmarks.md`;
const TRIED = fileURLToPath(new URL('../../build/bench/', import.meta.url));
const BENCH = fileURLToPath(new URL('bench.mjs', import.meta.url));
const { values } = readArguments(import.meta.url, {
  only: { type: 'string', default: 'start,small,large,images,seal,many,building,growth,linux' },
  runs: { type: 'string' },
  scale: { type: 'string', default: '1' },
  node: { type: 'string', multiple: true, default: [] },
  linux: { type: 'string' },
  write: { type: 'boolean', default: false },
});

const nodes = [process.execPath, ...values.node].flatMap((path) => ['--node', path]);
const TABLES = {
  start: ['Start', ['--start', ...nodes]],
  small: ['Small things', []],
  large: ['Large artifacts', ['--large']],
  images: ['Images and archives', ['--images']],
  seal: ['Latticra Seal', ['--seal']],
  many: ['Many records', ['--many']],
  building: ['This repository', ['--building']],
  growth: ['Growth', ['--growth', '--pictures', values.write ? DOCS : TRIED]],
  linux: ['A Linux system', values.linux === undefined ? undefined : ['--linux', values.linux]],
};
const common = ['--scale', values.scale, ...(values.runs === undefined ? [] : [values.runs])];
const names = values.only.split(',');
const unknown = names.filter((name) => !Object.hasOwn(TABLES, name));
if (unknown.length > 0)
  refuse(import.meta.url, `--only: expected of ${Object.keys(TABLES).join()}, found ${unknown.join()}`, 64);
if (!(Number(values.scale) > 0))
  refuse(import.meta.url, `--scale: expected a number above 0, found ${values.scale}`, 64);
if (!/^[1-9]\d*$/.test(values.runs ?? '1'))
  refuse(import.meta.url, `--runs: expected a whole number above 0, found ${values.runs}`, 64);
if (!values.write) mkdirSync(TRIED, { recursive: true });
for (const name of names) {
  const [heading, argv] = TABLES[name];
  if (argv === undefined) {
    process.stderr.write(`left out: ${heading}, which needs --linux and the folder of docs/linux.md\n`);
    continue;
  }
  const { status, stdout } = spawnSync(process.execPath, [BENCH, ...argv, ...common], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  process.stdout.write(`## ${heading}\n\n${stdout}\n`);
  if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), heading, stdout));
}
