// SPDX-License-Identifier: Apache-2.0
/**
 * `nx run tools:declarations`: writes the declarations of what every library exports to `build/declarations`, each below the
 * folder of its library as its source is below `src`. All by one run of the compiler, since what takes it long is to read the
 * sources, and most libraries read most of them. The build of a library takes its own from there.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declareLibraries } from './declare.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const target = join(ROOT, 'build/declarations');

const { texts, problems } = declareLibraries(ROOT);
rmSync(target, { recursive: true, force: true });
for (const [path, text] of texts) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), text);
}
process.stderr.write(problems.map((problem) => `${problem}\n`).join(''));
process.exitCode = problems.length === 0 ? 0 : 1;
