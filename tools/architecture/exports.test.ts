// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportsOf, namesNeededBy } from './exports.js';
import { ROOT, readProjects } from './workspace.js';

const packages = readProjects().filter(({ kind }) => kind === 'packages');

/** Lists every text in which somebody could use a name: sources, tests, tools and pages, relative to the root. */
function textsBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist|\..*)$/.test(entry.name) ? [] : textsBelow(path);
    return /\.(m?ts|mjs|md)$/.test(entry.name) && entry.name !== 'CHANGELOG.md' ? [path] : [];
  });
}
const texts = ['packages', 'apps', 'tools', 'docs']
  .flatMap(textsBelow)
  .concat('README.md')
  .map((file) => ({ file, words: new Set(readFileSync(join(ROOT, file), 'utf8').match(/\w+/g)) }));

describe.each(packages)('$folder', (project) => {
  it('every export is used by somebody else, or named in the types of one that is', () => {
    const elsewhere = texts.filter(
      ({ file }) => !file.startsWith(`${project.folder}/`) || file === `${project.folder}/README.md`,
    );
    const isUsed = (name: string) => elsewhere.some(({ words }) => words.has(name));
    const entries = [...exportsOf(project)];
    const used = entries.flatMap(([, exported]) => exported.map(({ name }) => name)).filter(isUsed);
    const needed = namesNeededBy(project, new Set(used));
    const unused = entries.flatMap(([entry, exported]) =>
      exported
        .filter(({ name }) => !isUsed(name) && !needed.has(name))
        .map(({ name }) => `${entry}: ${name}`),
    );
    expect(unused).toEqual([]);
  });
});
