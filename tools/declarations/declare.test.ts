// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { declareLibraries } from './declare.mjs';

const root = mkdtempSync(join(tmpdir(), 'latticra-declarations-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const lay = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const library = (name: string, ...sources: string[]) =>
  lay(
    `packages/${name}/package.json`,
    JSON.stringify({
      name: `@x/${name}`,
      exports: Object.fromEntries(
        sources.map((source, index) => [
          index === 0 ? '.' : `./${index}`,
          { '@latticra/source': `./src/${source}` },
        ]),
      ),
    }),
  );

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  lay(
    'tsconfig.base.json',
    JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        noLib: true,
        types: [],
      },
    }),
  );
  lay('tools/assets/assets.d.ts', "declare module '*?text' { const text: string; export default text; }");
});

it('a library ships what its entries reach, as its sources lie, with comments and nothing else', () => {
  library('thing', 'index.ts', 'part/index.ts');
  lay('packages/thing/src/index.ts', "export { type Thing, thing } from './made/thing.js';");
  lay(
    'packages/thing/src/made/thing.ts',
    "import text from './a.txt?text';\nimport { own } from '../own.js';\n/** A thing. */\nexport interface Thing { readonly name: string }\n/** Makes one. */\nexport const thing = (): Thing => ({ name: own + text });",
  );
  lay('packages/thing/src/own.ts', "export const own = 'own';");
  lay('packages/thing/src/part/index.ts', "export type { Part } from '../part.js';");
  lay('packages/thing/src/part.ts', 'export interface Part { readonly size: number }');
  const { texts, problems } = declareLibraries(root);
  expect(problems).toEqual([]);
  expect([...texts.keys()]).toEqual(
    ['index', 'made/thing', 'part', 'part/index'].map((name) => `packages/thing/${name}.d.ts`),
  );
  expect(texts.get('packages/thing/made/thing.d.ts')).toBe(
    '/** A thing. */\nexport interface Thing {\n    readonly name: string;\n}\n/** Makes one. */\nexport declare const thing: () => Thing;\n',
  );
});

it('libraries are declared each for itself, and what is of another is imported by its name', () => {
  library('one', 'index.ts');
  library('two', 'index.ts');
  lay('packages/one/src/index.ts', 'export interface One { readonly one: 1 }');
  lay('packages/two/src/index.ts', "import type { One } from '@x/one';\nexport interface Two extends One {}");
  const { texts } = declareLibraries(root);
  expect([...texts.keys()]).toEqual(['packages/one/index.d.ts', 'packages/two/index.d.ts']);
  expect(texts.get('packages/two/index.d.ts')).toContain("import type { One } from '@x/one';");
});

it('an export whose type cannot be told is a problem, with its place', () => {
  library('thing', 'index.ts');
  lay('packages/thing/src/index.ts', 'export const make = () => class { private readonly hidden = 1 };');
  const { problems } = declareLibraries(root);
  expect(problems).toEqual([
    expect.stringMatching(/^packages\/thing\/src\/index\.ts\(1,14\): error TS4094: /),
  ]);
});
