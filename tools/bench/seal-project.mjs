// SPDX-License-Identifier: Apache-2.0
/** Projects that Latticra Seal is measured on. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER_FILES = 100;

/**
 * Makes a project of which Seal will say PASS, with what `fill` puts in it.
 * @param app makes the command of an app, of its name and arguments
 * @returns its folder
 */
export function makeProject(root, app, fill) {
  mkdirSync(root);
  writeFileSync(join(root, 'README.md'), '# Bench\n');
  writeFileSync(join(root, 'LICENSE'), 'Apache-2.0\n');
  fill(root);
  const { argv, cwd } = app(
    'seal',
    ...['init', '--root', root, '--project-id', 'bench', '--project-name', 'Bench'],
    ...['--project-version', '1', '--repository', 'https://example.org/bench', '--license', 'Apache-2.0'],
  );
  execFileSync(argv[0], argv.slice(1), { cwd, stdio: 'pipe' });
  return root;
}

/**
 * Returns what fills a project with small files, a hundred in a folder.
 * @param size of each, by its index: at most 16 KiB
 * @param first the index of the first of them: those before are there
 */
export const smallFiles =
  (count, size, first = 0) =>
  (root) => {
    const text = Buffer.alloc(16384, 'const answer = compute(question); // and so on\n');
    for (let index = first; index < count; index++) {
      const inside = join(root, `d${Math.floor(index / FOLDER_FILES)}`);
      if (index % FOLDER_FILES === 0) mkdirSync(inside);
      writeFileSync(join(inside, `f${index}.js`), text.subarray(0, size(index)));
    }
  };
