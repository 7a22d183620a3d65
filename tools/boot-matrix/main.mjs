// SPDX-License-Identifier: Apache-2.0
/**
 * `pnpm boot-matrix`: has Nx boot every case that its cache has no record of, then prints one table of all records, also
 * when a case failed. What Nx tells goes to stderr.
 */
import { join } from 'node:path';
import { ROOT, run } from '../bootstrap/workspace.mjs';
import { nxEnv } from './nx-env.mjs';

/** The project, whose records the plugin puts into a folder of this name. */
const PROJECT = 'tools/boot-matrix';

const nx = join(ROOT, 'node_modules/.bin/nx');
const boots = run(nx, ['run', 'boot-matrix:cases', '--output-style=static', ...process.argv.slice(2)], {
  env: nxEnv(process.env),
});
const table = run(
  process.execPath,
  [
    join(ROOT, 'apps/boot-matrix/dist/main.cjs'),
    'table',
    ...['--matrix', `${PROJECT}/boot-matrix.toml`],
    ...['--records', `build/boot-matrix/records/${PROJECT}`],
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exit(boots || table);
