// SPDX-License-Identifier: Apache-2.0
// Imported before the command: from then on this machine has no procfs, as far as the process can see, and folders
// are held by being in them.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

fs.statfsSync = (path) => {
  throw Object.assign(new Error(`ENOENT: no such file or directory, statfs '${path}'`), { code: 'ENOENT' });
};
syncBuiltinESMExports();
