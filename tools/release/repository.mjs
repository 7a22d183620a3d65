// SPDX-License-Identifier: Apache-2.0
/** `pnpm repository <address>`: says where this repository is, in the root's package.json and in every project's. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments, refuse } from '../script/script.mjs';
import { parseAddress, withAddress } from './address.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function edit(file, change) {
  const path = join(ROOT, file);
  writeFileSync(path, `${JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))), null, 2)}\n`);
}

const [given] = readArguments(import.meta.url, {}, ['<address>']).positionals;
try {
  const address = parseAddress(given);
  edit('package.json', (manifest) => ({ ...manifest, repository: address }));
  for (const kind of ['packages', 'apps'])
    for (const name of readdirSync(join(ROOT, kind)))
      edit(`${kind}/${name}/package.json`, (manifest) => withAddress(manifest, `${kind}/${name}`, address));
} catch (error) {
  refuse(import.meta.url, error.message, 64);
}
