// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { meaningOf } from '../../packages/evidence-report/src/read/titles.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is written like a title and is none: names within images and code, and the title of a text for people. */
const NO_TITLES = new Set([
  'LATTICRA BOOT SEED',
  'LATTICRA LINUX IMAGE',
  'LATTICRA BUILDID',
  'LATTICRA OPERATOR RECOVERY REFERENCE',
]);

const sources = ['apps', 'packages'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((project) => {
    const source = join(root, folder, project, 'src');
    return (readdirSync(source, { recursive: true }) as string[])
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.includes('testing/'))
      .map((path) => join(source, path));
  }),
);

it('the page of a release knows every document that any command or package writes', () => {
  const titles = new Set(
    sources.flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/'((?:LATTICRA|SEABIOS GRUB) [A-Z0-9 ]+)'/g)].map(
        ([, title = '']) => title,
      ),
    ),
  );
  expect(titles.size).toBeGreaterThan(40);
  const unknown = [...titles].filter((title) => !NO_TITLES.has(title) && meaningOf(title) === undefined);
  expect(unknown).toEqual([]);
});
