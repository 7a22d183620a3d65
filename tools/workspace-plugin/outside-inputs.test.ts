// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT, readProjects } from '../architecture/workspace.js';
import { outsideInputsOf } from './outside-inputs.mjs';

/** The place where a template takes a value. */
const HOLE = '$'.concat('{name}');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'latticra-outside-inputs-'));
  lay('vitest.config.ts', '');
  for (const [folder, ...needs] of [
    ['packages/a'],
    ['packages/b', 'a'],
    ['packages/c', 'b'],
    ['apps/d', 'c'],
    ['apps/e'],
  ] as const) {
    const dependencies = Object.fromEntries(needs.map((name) => [`@latticra/${name}`, 'workspace:^']));
    lay(`${folder}/package.json`, JSON.stringify({ dependencies }));
  }
});
afterEach(() => rmSync(root, { recursive: true }));

function lay(path: string, content = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** Returns what a test of packages/a that says this reaches, without what sets tests up. */
function reached(text: string): string[] {
  lay('packages/a/src/a.test.ts', text);
  return outsideInputsOf('packages/a', root, true).filter((path) => path !== 'vitest.config.ts');
}

describe('outsideInputsOf', () => {
  it.each([
    ['an import', "import { x } from '../../../tools/x.js';", ['tools/x.ts']],
    ['an import of a text', "import x from '../../../docs/x.md';", ['docs/x.md']],
    ['a file that is read', "readFileSync(new URL('../../../docs/x.md', import.meta.url))", ['docs/x.md']],
    ['a folder', 'new URL("../../../docs/", import.meta.url)', ['docs/']],
    ['a path that ends in a value', `join(here, \`../../../docs/${HOLE}\`)`, ['docs/']],
    ['the root, and so all there is', "new URL('../../..', import.meta.url)", ['./']],
    ['another project', "import '../../e/src/main.js'; import '../../../apps/e/src/main.js';", ['apps/e/']],
    ['what that depends on', "run('../../../packages/c/src/c.ts')", ['packages/b/', 'packages/c/']],
    [
      'any app, and what they depend on',
      `\`../../../apps/${HOLE}/src/main.ts\``,
      ['apps/', 'apps/d/', 'apps/e/', 'packages/b/', 'packages/c/'],
    ],
  ])('a test of a project reaches %s', (_, text, expected) => {
    for (const path of ['tools/x.ts', 'docs/x.md', 'apps/e/src/main.ts', 'packages/c/src/c.ts']) lay(path);
    expect(reached(text)).toEqual(expected);
  });

  it.each([
    ['a file of its own', "import { x } from '../src/b.js'; import './b.js';"],
    ['a path to nothing', "'../../../docs/gone.md'"],
    ['a path out of the workspace', "'../../../../x'"],
    ['a word with dots', "'...'; 'a/../../../../docs'"],
  ])('a test of a project does not reach %s', (_, text) => {
    lay('packages/a/src/b.ts');
    lay('docs/x.md');
    expect(reached(text)).toEqual([]);
  });

  it('a project also reaches what a file that it reaches reaches', () => {
    lay('tools/x.ts', "import '../packages/c/src/c.js'; import './y.js';");
    lay('tools/y.ts', "import '../packages/a/src/b.js';");
    lay('packages/c/src/c.ts', "import text from '../../../docs/x.md';");
    lay('packages/c/src/c.test.ts', "import '../../../docs/y.md';");
    for (const path of ['docs/x.md', 'docs/y.md', 'packages/a/src/b.ts']) lay(path);
    expect(reached("import '../../../tools/x.js';")).toEqual([
      'docs/x.md',
      'packages/b/',
      'packages/c/',
      'tools/x.ts',
      'tools/y.ts',
    ]);
  });

  it("an importer of a project does not reach what only the project's tests reach", () => {
    lay('docs/x.md');
    lay('docs/y.md');
    lay('packages/a/src/a.ts', "import '../../../docs/x.md';");
    expect(reached("import '../../../docs/y.md';")).toEqual(['docs/x.md', 'docs/y.md']);
    expect(outsideInputsOf('packages/a', root, false)).toEqual(['docs/x.md']);
  });

  it('every test reaches what tests are set up by', () => {
    lay('tools/setup.ts');
    lay('vitest.config.ts', "export default { setupFiles: ['./tools/setup.ts'] };");
    expect(reached('')).toEqual(['tools/setup.ts']);
  });
});

describe('the outside inputs of this workspace', () => {
  const known = new Map();
  const of = (project: string) => outsideInputsOf(project, ROOT, true, known);
  const reaching = (path: string) =>
    readProjects()
      .map(({ folder }) => folder)
      .filter((folder) => of(folder).includes(path));

  it('few projects read the runbook, and none reads everything', () => {
    expect(reaching('docs/recovery.md')).toEqual(['apps/guards', 'apps/latticra']);
    expect(reaching('./')).toEqual([]);
  });

  it('the project that drives all lanes reaches them all, and tools reach everything', () => {
    const apps = readProjects().filter(({ kind, folder }) => kind === 'apps' && folder !== 'apps/guards');
    expect(of('apps/guards')).toEqual(expect.arrayContaining(apps.map(({ folder }) => `${folder}/`)));
    expect(of('tools')).toEqual(['./']);
  });

  it('what was read for one project does not change what another reaches', () => {
    for (const project of ['apps/guards', 'packages/lane', 'apps/guards'])
      expect(of(project)).toEqual(outsideInputsOf(project, ROOT, true));
    expect(outsideInputsOf('packages/lane', ROOT, false, known)).toEqual(
      outsideInputsOf('packages/lane', ROOT, false),
    );
  });
});
