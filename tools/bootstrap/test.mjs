// SPDX-License-Identifier: Apache-2.0
/** `npm test`: sets up what is missing, then runs the whole suite. Arguments after `--` go to vitest. */
import { join } from 'node:path';
import { prepare, ROOT, run } from './workspace.mjs';

prepare('apps/*');
const vitest = [
  join(ROOT, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--config',
  join(ROOT, 'tools/testing/suite.config.ts'),
  ...process.argv.slice(2),
];
process.exit(run(process.execPath, vitest, { stdio: 'inherit' }));
