// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { readProjects, sourcesOf } from '../architecture/workspace.js';
import { type Block, blocksIn, blocksOf, examplesIn, PAGES, PROGRAMS } from './blocks.js';
import { problemsOf } from './compile.js';

const sources = readProjects()
  .filter(({ kind }) => kind === 'packages')
  .flatMap(sourcesOf)
  .filter((file) => !file.endsWith('.test.ts'));
const blocks = [...blocksIn('ts'), ...PROGRAMS, ...sources.flatMap(examplesIn)];
/** Blocks that have to be found wanting, or the rest says nothing. */
const wrong: Block[] = [
  "import { formatDocument } from '@latticra/evidence-format';\nformatDocument(1);\n",
  "import { noSuchThing } from '@latticra/failure';\n",
  "import { a } from '@latticra/no-such-package';\n",
  'const a = ;\n',
  'undeclared;\n',
].map((text, index) => ({ file: 'docs/wrong.md', line: 1 + index, language: 'ts', text }));
const problems = problemsOf([...blocks, ...wrong]);

describe('blocks of TypeScript', () => {
  it.each(blocks)(
    'the block at $file:$line passes the type check, with what it imports and nothing before it',
    (block) => {
      expect(problems.get(block)).toEqual([]);
    },
  );

  it.each(wrong)('the wrong block $text does not pass the type check', (block) => {
    expect(problems.get(block)).not.toEqual([]);
  });

  it("blocks of TypeScript are in every package's README", () => {
    const packages = PAGES.filter((page) => page.startsWith('packages/'));
    expect(packages.filter((page) => !blocks.some(({ file }) => file === page))).toEqual([]);
  });
});

describe('fenced blocks', () => {
  it('fenced blocks name a language by which they are tried, or none', () => {
    const tried = ['ts', 'sh', 'console', 'json', 'toml', 'yaml', ''];
    const others = PAGES.flatMap(blocksOf).filter(({ language }) => !tried.includes(language));
    expect(others.map(({ file, line, language }) => `${file}:${line} ${language}`)).toEqual([]);
  });
});
