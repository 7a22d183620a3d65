// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { beforeEach, describe, expect, it } from 'vitest';

interface Options {
  readonly name: string;
  readonly floor?: number;
  readonly title?: string;
  readonly description?: string;
}
type Generate = (tree: Tree, options: Options) => Promise<() => void>;

const HERE = fileURLToPath(new URL('.', import.meta.url));
const { default: lane }: { default: Generate } = await import(join(HERE, 'lane/generator.mjs'));
const { default: library }: { default: Generate } = await import(join(HERE, 'package/generator.mjs'));

const LANES = '| command | does |';
const PACKAGES = '| package | for programs that want |';
const FLOORS = '| floor | package | owns |';

let tree: Tree;
beforeEach(() => {
  tree = createTree();
  tree.write('apps/seal/package.json', '{"name":"@latticra/seal","bin":{"latticra-seal":""}}');
  tree.write('apps/guards/package.json', '{"name":"@latticra/guards","bin":{"latticra-watch":""}}');
  tree.write('packages/lane/package.json', '{"name":"@latticra/lane"}');
  tree.write('tools/workspace/package.json', '{"name":"@latticra/workspace"}');
  tree.write('docs/usb.md', '# USB\n');
  tree.write(
    'docs/lanes.md',
    `${LANES}\n| --- | --- |\n| [\`a\`](../apps/os-image-a) | a |\n| [\`z\`](../apps/seal) | z |\n\nEnd\n`,
  );
  tree.write('README.md', `${PACKAGES}\n| --- | --- |\n| lane | a |\n\n[Recovery runbook](r)\n`);
  tree.write(
    'docs/architecture.md',
    `${FLOORS}\n| --- | --- | --- |\n| 0 | a | a |\n| 2 | lane | b |\n| 5 | apps | c |\n\nEnd\n`,
  );
});

const both = [
  ['lane', lane],
  ['package', library],
] as const;

describe.each(both)('a new %s', (_, generate) => {
  it.each([
    ['Upper', /"Upper": expected at most 50 lower-case letters/],
    ['../out', /"\.\.\/out": expected/],
    ['a_b', /"a_b": expected/],
    ['-a', /"-a": expected/],
    ['a-', /"a-": expected/],
    ['a--b', /"a--b": expected/],
    ['1a', /"1a": expected/],
    ['', /"": expected/],
    ['é', /"é": expected/],
    ['a'.repeat(51), /"a{51}": expected/],
    ['seal', /"seal": apps\/seal is @latticra\/seal already/],
    ['lane', /"lane": packages\/lane is @latticra\/lane already/],
    ['workspace', /"workspace": tools\/workspace is @latticra\/workspace already/],
    ['watch', /"watch": apps\/guards has a command latticra-watch already/],
    ['usb', /"usb": docs\/usb\.md exists already/],
  ])('a new project is refused by its name %j', async (name, reason) => {
    await expect(generate(tree, { name })).rejects.toThrow(reason);
  });

  it.each([0, 10, 4.5, Number.NaN])('a new project is refused on floor %d', async (floor) => {
    await expect(generate(tree, { name: 'new-one', floor })).rejects.toThrow(
      /--floor .*: expected a whole number/,
    );
  });

  it.each(['', ' a', 'a\nb', 'a"b', 'a`b', 'a|b', 'a$b', 'a\\b', 'a\u2028b', 'a'.repeat(91)])(
    'a new project with the words %j, which would not stay where they are put, is refused',
    async (text) => {
      await expect(generate(tree, { name: 'new-one', description: text })).rejects.toThrow(/--description/);
      await expect(generate(tree, { name: 'new-one', title: text })).rejects.toThrow(/--title/);
    },
  );

  it('a new project is not made twice', async () => {
    await generate(tree, { name: 'new-one' });
    for (const [, other] of both)
      await expect(other(tree, { name: 'new-one' })).rejects.toThrow(/"new-one": /);
  });

  it('a new project is not made where a table cannot be found', async () => {
    for (const page of ['README.md', 'docs/lanes.md']) tree.write(page, '# Elsewhere\n');
    await expect(generate(tree, { name: 'new-one' })).rejects.toThrow(/\.md: has no place/);
  });
});

describe('the tables of everybody', () => {
  const lines = (path: string) => tree.read(path, 'utf8')?.split('\n') ?? [];

  it('the tables get a lane behind its family, or at the end', async () => {
    tree.write('docs/os-image.md', '# OS images\n');
    await lane(tree, { name: 'os-image-c', description: 'what c is' });
    await lane(tree, { name: 'other', description: 'what another is' });
    const table = lines('docs/lanes.md').slice(2, lines('docs/lanes.md').indexOf(''));
    expect(table.map((row) => row.match(/apps\/[\w-]+/)?.[0])).toEqual([
      'apps/os-image-a',
      'apps/os-image-c',
      'apps/seal',
      'apps/other',
    ]);
    expect(lines('docs/os-image.md')).toContain('## latticra-os-image-c');
    expect(lines('README.md').join('\n')).toContain('(docs/other.md) ·\n[Recovery runbook]');
  });

  it('the tables get a package on its floor', async () => {
    await library(tree, { name: 'one', floor: 1 });
    await library(tree, { name: 'four', floor: 4 });
    expect(lines('docs/architecture.md').map((row) => row.split(' | ')[1])).toEqual(
      ['package', '---', 'a', 'one', 'lane', 'four', 'apps'].concat(Array(3).fill(undefined)),
    );
  });
});
