// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { generateFiles } from '@nx/devkit';
import { finish } from '../finish.mjs';
import { assertFloor, assertNewName, capitalised, changesetOf, pascalCase, plainText } from '../options.mjs';
import { addChangeset, addRow, edit } from '../tables.mjs';

/** The first files of a package import from `failure`, on floor 0. */
const LEAST_FLOOR = 1;

/** Writes a package with one function that works, its error, its test, and its rows in the tables of everybody. */
export default async function generatePackage(tree, options) {
  const { name, floor = 1 } = options;
  assertNewName(tree, name);
  assertFloor(floor, LEAST_FLOOR);
  const title = plainText('title', options.title ?? `@latticra/${name}`);
  const description = plainText(
    'description',
    options.description ?? 'to read a text that has to be one line',
  );
  generateFiles(tree, join(import.meta.dirname, 'files'), `packages/${name}`, {
    name,
    floor,
    title,
    description: capitalised(description),
    error: `${pascalCase(name)}Error`,
  });
  edit(tree, 'README.md', (text) =>
    addRow(
      text,
      '| package | for programs that want |',
      `| [\`@latticra/${name}\`](packages/${name}) | ${description} |`,
      () => false,
    ),
  );
  edit(tree, 'docs/architecture.md', (text) =>
    addRow(
      text,
      '| floor | package | owns |',
      `| ${floor} | ${name} | ${description} |`,
      (line) => !line.includes('| apps |') && Number(line.split('|')[1]) <= floor,
    ),
  );
  addChangeset(tree, changesetOf(name), name, `A new package: ${description}.`);
  return finish(tree, `packages/${name}`);
}
