// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module';
import { transform } from 'esbuild';
import { expect, it } from 'vitest';
import { toHelper, toLazyCommonJs } from './lazy.js';

const real = createRequire(import.meta.url);

/** Makes a module lazy, and loads it; what it requires then is listed in `loaded`. */
async function load(source: string, helpers: ReadonlyMap<string, string> = new Map()) {
  const { code } = await transform(source, { sourcemap: 'inline', sourcefile: 'source.ts', loader: 'ts' });
  const rename = (specifier: string) => specifier.replace(/^(\.\/.*)\.js$/, '$1.cjs');
  const made = await toLazyCommonJs(code, 'made.js', { helpers, rename });
  const loaded: string[] = [];
  const require = (specifier: string) => {
    loaded.push(specifier);
    return specifier.startsWith('./') ? { value: 41, default: 'default', __esModule: true } : real(specifier);
  };
  const module: { exports: Record<string, (...values: unknown[]) => unknown> } = { exports: {} };
  new Function('module', 'exports', 'require', made.code)(module, module.exports, require);
  return { exports: module.exports, loaded, ...made };
}

it('a lazy module loads another when something of that is first used, and once', async () => {
  const { exports, loaded } = await load(
    "import { value } from './other.js'; export const more = () => value + 1; export { value } from './third.js';",
  );
  expect(loaded).toEqual([]);
  expect([exports.more?.(), exports.more?.()]).toEqual([42, 42]);
  expect(loaded).toEqual(['./other.cjs']);
  expect(exports.value).toBe(41);
  expect(loaded).toEqual(['./other.cjs', './third.cjs']);
});

it('a lazy module takes defaults and whole modules at once, as an ES module does', async () => {
  const { exports, loaded } = await load(
    "import one, * as all from './other.js'; import { value } from './third.js'; export const both = () => [one, all.value, value];",
  );
  expect(loaded).toEqual(['./other.cjs']);
  expect(exports.both?.()).toEqual(['default', 41, 41]);
});

it('a lazy module loads of Node at once only what Node has loaded already', async () => {
  const { exports, loaded } = await load(
    "import { createHash } from 'node:crypto'; import { join } from 'node:path'; export const x = () => [join('a', 'b'), createHash];",
  );
  expect(loaded).toEqual(['node:path']);
  expect(exports.x?.()).toEqual(['a/b', real('node:crypto').createHash]);
  expect(loaded).toEqual(['node:path', 'node:crypto']);
});

it('a lazy module drops what is imported for nothing, and requires late what is imported late', async () => {
  const { exports, loaded } = await load(
    "import './other.js'; export const late = () => import('./late.js');",
  );
  expect(loaded).toEqual([]);
  expect(await exports.late?.()).toMatchObject({ value: 41 });
  expect(loaded).toEqual(['./late.cjs']);
});

it('a lazy module has its own copy of the helpers of esbuild', async () => {
  const helper = await toHelper('export const twice = (x) => 2 * x;');
  const { exports, loaded } = await load(
    "import { twice } from './helper.js'; export const four = () => twice(2);",
    new Map([['./helper.js', helper]]),
  );
  expect(exports.four?.()).toBe(4);
  expect(loaded).toEqual([]);
});

it('a lazy module is strict, and a line of text in it that looks like an import stays text', async () => {
  const line = 'var import_other = require("./other.js");';
  const { exports } = await load(
    `import { value } from './other.js';
     export const text = () => value + \`
${line}
\`;
     export function self(this: unknown) { return this; }`,
  );
  expect(exports.text?.()).toBe(`41\n${line}\n`.replace('.js', '.cjs'));
  const { self } = exports;
  expect(self?.()).toBeUndefined();
});

it('the source map of a lazy module leads to the line and column of the source', async () => {
  const { code, map } = await load(
    "import { value } from './other.js';\n\nexport function broken() {\n  return value.missing.more;\n}\n",
  );
  const { SourceMap } = real('node:module') as typeof import('node:module');
  const at = code.split('\n').findIndex((line) => line.includes('missing'));
  const column = code.split('\n')[at]?.indexOf('.missing') ?? -1;
  const found = new SourceMap(JSON.parse(map)).findEntry(at, column + 1);
  expect(found).toMatchObject({ originalSource: 'source.ts', originalLine: 3 });
});
