// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm boot-matrix`: has Nx boot every case that its cache has no record of, then prints one table of all records, also
 * when a case failed. What Nx tells goes to stderr.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const nx = spawnSync(
  join(ROOT, 'node_modules/.bin/nx'),
  ['run', 'boot-matrix:cases', '--output-style=static', ...process.argv.slice(2)],
  { cwd: ROOT, stdio: ['ignore', 2, 2] },
);
const table = spawnSync(
  process.execPath,
  [join(ROOT, 'apps/boot-matrix/dist/main.cjs'), 'table', '--matrix', 'tools/boot-matrix/boot-matrix.toml'],
  { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exit(nx.status || table.status || 0);
