// SPDX-License-Identifier: Apache-2.0
/** A process that ends while it works in a private folder. Usage: script.mjs <parent> */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPrivateFolder } from '../src/folder.js';

const [parent = ''] = process.argv.slice(2);
await withPrivateFolder(parent, async (folder) => {
  writeFileSync(join(folder, 'serial.log'), 'begun');
  process.stdout.write(folder);
  process.exit(3);
});
