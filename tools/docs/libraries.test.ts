// SPDX-License-Identifier: Apache-2.0
/** What the page of every library has, whatever it is about; that its examples run is tried beside. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProjects, sourcesOf } from '../architecture/workspace.js';
import { blocksOf, examplesIn, ROOT } from './blocks.js';

const LIBRARIES = readdirSync(join(ROOT, 'packages'));

describe.each(LIBRARIES)('the page of packages/%s', (folder) => {
  const page = `packages/${folder}/README.md`;
  const text = readFileSync(join(ROOT, page), 'utf8');
  const { name } = JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8'));

  it('the page says how the library is installed', () => {
    const blocks = blocksOf(page).filter(({ language }) => language === 'sh');
    expect(blocks.map((block) => block.text.trim())).toContain(`npm install ${name}`);
  });

  it('the page has an example that imports the library', () => {
    const examples = blocksOf(page).filter(({ language }) => language === 'ts');
    expect(examples.some((example) => example.text.includes(`'${name}`))).toBe(true);
  });

  it('what people call first has an example beside it, which imports the library and calls something of it', () => {
    const project = readProjects().find((each) => each.folder === `packages/${folder}`);
    const examples = project === undefined ? [] : sourcesOf(project).flatMap(examplesIn);
    expect(examples.length).toBeGreaterThan(0);
    const imports = new RegExp(`^import \\{([^}]+)\\} from '${name}(?:/[^']+)?';$`, 'gm');
    for (const { file, text: example } of examples) {
      const names = [...example.matchAll(imports)].flatMap(([, list = '']) => list.split(','));
      const declared = new RegExp(
        `^export .*(?:function\\*?|class) (?:${names.map((each) => each.trim()).join('|')})\\b`,
        'm',
      );
      expect(names, file).not.toEqual([]);
      expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(declared);
    }
  });

  it('the page says which errors there are, and every code of them', () => {
    // The package of errors alone has no codes of its own.
    if (folder === 'failure') return;
    expect(text).toMatch(/^## Errors$/m);
    const codes = codesOf(folder);
    expect(codes.length).toBeGreaterThan(0);
    const untold = codes.filter((code) => !text.includes(`\`${code}\``));
    expect(untold).toEqual([]);
  });
});

/** Reads the codes of a library's error off its union of literals. */
function codesOf(folder: string): string[] {
  const source = readFileSync(join(ROOT, 'packages', folder, 'src/error.ts'), 'utf8');
  const [, union = ''] = /export type \w+ErrorCode =([^;]+);/.exec(source) ?? [];
  return [...union.matchAll(/'([a-z0-9-]+)'/g)].map(([, code = '']) => code);
}
