// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, readProjects, sourcesOf } from '../architecture/workspace.js';

/** The words that the name of a function begins with that reads something. */
const READER =
  /^export (?:async )?(?:function\*? |const )((?:parse|read|open|load|decode|check|inspect|describe|walk|find|verify|normalize|gunzip)(?![a-z])\w*)/gm;

/** Lists the exported functions of all packages that by their names may read something, as `file#name`. */
export function exportedReaders(): readonly string[] {
  return readProjects()
    .filter(({ kind }) => kind === 'packages')
    .flatMap(sourcesOf)
    .filter((file) => !/\.test\.ts$|\/testing\/|\/test\//.test(file))
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(READER)].map(([, name]) => `${file}#${name}`),
    );
}
