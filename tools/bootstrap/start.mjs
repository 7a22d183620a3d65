// SPDX-License-Identifier: Apache-2.0
/** `npm start`: sets up what is missing, then rehearses a release. Arguments after `--` go to the rehearsal. */
import { join } from 'node:path';
import { prepare, ROOT, run } from './workspace.mjs';

// The one command has all lanes: the apps of single lanes are for those who install one.
prepare('latticra');
const rehearse = [join(ROOT, 'apps/latticra/dist/main.cjs'), 'rehearse', ...process.argv.slice(2)];
process.exit(run(process.execPath, rehearse, { stdio: 'inherit' }));
