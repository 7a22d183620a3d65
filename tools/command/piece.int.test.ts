// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import type { Module } from './common-js.js';
import { printPack } from './pack.js';
import { toPiece } from './piece.js';

const real = createRequire(import.meta.url);
const HELPERS = `var __name = (target, value) => Object.defineProperty(target, "name", { value, configurable: true });
var __unused = () => 0;`;
const NUMBERS = new Map(['./made.js', './other.js', './third.js', './late.js'].map((name, at) => [name, at]));

/** Of a module that is made of no source. */
const NO_MAP = { sources: [], names: [], mappings: '' };

/** Returns a module as esbuild prints it into a bundle, and its source map. */
async function printed(source: string): Promise<Module> {
  const { outputFiles } = await build({
    stdin: { contents: source, sourcefile: 'source.ts', loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['./*'],
    sourcemap: 'external',
    outdir: 'dist',
    sourcesContent: false,
    write: false,
  });
  const [map, code] = outputFiles.map(({ text }) => text);
  return { code: code ?? '', map: JSON.parse(map ?? '') };
}

/** Makes an entry of a module, and loads it; what it requires then is listed in `loaded`. */
async function load(source: string, circle: readonly string[] = []) {
  const bundled = await printed(source);
  const neighbours = { numbers: NUMBERS, helpers: new Set(['./helper.js']) };
  const piece = await toPiece({ specifier: './made.js', ...bundled }, neighbours, (each) =>
    circle.includes(each),
  );
  const made = await printPack(
    { file: 'made.cjs', entry: piece, pieces: [] },
    {
      numbers: NUMBERS,
      fileOf: new Map(['other', 'third', 'late'].map((name) => [`./${name}.js`, `${name}.cjs`])),
      helperCode: HELPERS,
    },
  );
  const loaded: string[] = [];
  const other = { value: 41 };
  const require = (specifier: string) => {
    loaded.push(specifier);
    return specifier.startsWith('./')
      ? { $1: () => other, $2: () => other, $3: () => other }
      : real(specifier);
  };
  const module: { exports: Record<string, (...values: unknown[]) => unknown> } = { exports: {} };
  const run = () =>
    new Function('module', 'exports', 'require', made.code.replace(/^#!.*/, ''))(
      module,
      module.exports,
      require,
    );
  run();
  return { exports: module.exports, loaded, piece, ...made };
}

it('a piece loads another when something of that is first used, and once', async () => {
  const { exports, loaded, piece } = await load(
    "import { value } from './other.js'; export const more = () => value + 1; export { value } from './third.js';",
  );
  expect(loaded).toEqual([]);
  expect([exports.more?.(), exports.more?.()]).toEqual([42, 42]);
  expect(loaded).toEqual(['./other.cjs']);
  expect(exports.value).toBe(41);
  expect(loaded).toEqual(['./other.cjs', './third.cjs']);
  expect(piece).toMatchObject({
    imports: ['./other.js', './third.js'],
    exports: ['more', 'value'],
    isOurs: true,
  });
});

it('a piece loads modules of Node when something in them is first used', async () => {
  const { exports, loaded } = await load(
    "import { createHash } from 'node:crypto'; import { join } from 'node:path'; export const x = () => join('a', 'b'); export const y = () => createHash;",
  );
  expect(exports.x?.()).toBe('a/b');
  expect(loaded).toEqual(['node:path']);
  expect(exports.y?.()).toBe(real('node:crypto').createHash);
  expect(loaded).toEqual(['node:path', 'node:crypto']);
});

it('a piece makes objects of classes that others have', async () => {
  const { exports } = await load(
    "import { TextDecoder } from 'node:util'; export const x = () => new TextDecoder('utf-16le').encoding; export class Mine extends TextDecoder {}; export const y = () => new Mine().encoding;",
  );
  expect([exports.x?.(), exports.y?.()]).toEqual(['utf-16le', 'utf-8']);
});

it('a piece drops what is imported for nothing, and requires late what is imported late', async () => {
  const { exports, loaded } = await load(
    "import './other.js'; export const late = () => import('./late.js');",
  );
  expect(loaded).toEqual([]);
  expect(await exports.late?.()).toEqual({ value: 41 });
  expect(loaded).toEqual(['./late.cjs']);
});

it('a variable that changes is exported as it is, and so is what a circle needs before it is there', async () => {
  const { exports } = await load(
    'export let count = 0; export function more() { count += 1; return count; }',
  );
  expect([exports.count, exports.more?.(), exports.count]).toEqual([0, 1, 1]);
  const { piece } = await load("import { value } from './other.js'; export const x = () => value;", [
    './made.js',
  ]);
  expect(piece.code.indexOf('$m[0]=')).toBeLessThan(piece.code.indexOf('var x'));
  expect(piece.code).toMatch(/get x\(\)/);
});

it('functions and classes have their names without a helper that sets them, unless another had the name', async () => {
  const { exports, piece } = await load(
    `import { __name } from './helper.js';
     function plain() { return () => new Own().constructor.name; }
     __name(plain, "plain");
     var arrow = /* @__PURE__ */ __name(() => 1, "arrow");
     var long = /* @__PURE__ */ __name(() => {
       return 2;
     }, "long");
     var Own = class {
       static {
         __name(this, "Own");
       }
     };
     var long2 = /* @__PURE__ */ __name(() => 3, "other");
     var table = [{
       load: /* @__PURE__ */ __name(() => import('./late.js'), "load"),
       many: /* @__PURE__ */ __name((value) => {
         const inner = /* @__PURE__ */ __name(() => value, "inner");
         return [inner, inner];
       }, "many"),
       last: /* @__PURE__ */ __name(() => 5, "other")
     }];
     function inTable() { return [...Object.values(table[0]), table[0].many()[0]].map(({ name }) => name); }
     export { plain, arrow, long, long2, Own, inTable };`,
  );
  const names = ['plain', 'arrow', 'long', 'long2', 'Own'].map((each) => exports[each]?.name);
  expect(names).toEqual(['plain', 'arrow', 'long', 'other', 'Own']);
  const own = exports.plain?.() as (() => string) | undefined;
  expect(own?.()).toBe('Own');
  expect(exports.inTable?.()).toEqual(['load', 'many', 'other', 'inner']);
  // Of those that have another, and of one that is renamed since it is no property.
  expect(piece.code.match(/__name/g)).toHaveLength(3);
});

it('a file has those helpers of esbuild that are called in it', async () => {
  const { code } = await load(
    "import { __name } from './helper.js'; export const x = () => __name(() => 1, 'y');",
  );
  expect(code).toContain('$h={__name}');
  expect(code).not.toContain('__unused');
});

it('a piece is strict, and a line of text in it that looks like an import stays text', async () => {
  const line = 'var import_other = require("./other.js");';
  const { exports } = await load(
    `import { value } from './other.js';
     export const text = () => value + \`
${line}
\`;
     export function self(this: unknown) { return this; }`,
  );
  expect(exports.text?.()).toBe(`41\n${line}\n`);
  const { self } = exports;
  expect(self?.()).toBeUndefined();
});

it('an expression that asks all of Unicode is made when the code runs', async () => {
  const { exports, code } = await load(
    'export const isHidden = (text) => /[\\p{Cc}\\p{Cf}]/u.test(text); export const plain = /a/;',
  );
  expect([exports.isHidden?.('\u200b'), exports.isHidden?.('a')]).toEqual([true, false]);
  expect(code).toContain('new RegExp(');
  expect(code).toContain('/a/');
});

it('modules that differ in what they import alone have each its own numbers, and a source map that leads to the same', async () => {
  const made = async (name: string, number: number) => {
    const bundled = await printed(
      `import {\n  value\n} from './${name}.js';\nexport const x = () => [value, import('./${name}.js'), value.last];\n`,
    );
    const neighbours = {
      numbers: new Map([...NUMBERS, [`./${name}.js`, number]]),
      helpers: new Set<string>(),
    };
    const piece = await toPiece({ specifier: './made.js', ...bundled }, neighbours);
    const { SourceMap } = real('node:module') as typeof import('node:module');
    const map = new SourceMap({ version: 3, file: '', sourceRoot: '', ...piece.map } as never);
    const entryOf = (text: string) => map.findEntry(0, piece.code.indexOf(text));
    return { ...piece, entries: ['$l(', 'value.last', 'last'].map(entryOf) };
  };
  const [first, other] = [await made('first', 7), await made('other', 1234)];
  expect(first.code).toContain('$c(7).value');
  expect(first.code.replaceAll('(7)', '(1234)')).toBe(other.code);
  expect([first.imports, first.late]).toEqual([['./first.js'], ['./first.js']]);
  expect([other.imports, other.late]).toEqual([['./other.js'], ['./other.js']]);
  for (const { entries } of [first, other])
    expect(entries).toMatchObject([31, 53, 59].map((originalColumn) => ({ originalColumn })));
});

it('the source map of a pack leads to the line and column of the source', async () => {
  const { code, map } = await load(
    "#!/usr/bin/env node\nimport { value } from './other.js';\n\nexport function broken() {\n  return value.missing.more;\n}\n",
  );
  expect(code.startsWith('#!/usr/bin/env node\n"use strict";')).toBe(true);
  const { SourceMap } = real('node:module') as typeof import('node:module');
  const at = code.split('\n').findIndex((line) => line.includes('missing'));
  const column = code.split('\n')[at]?.indexOf('.missing') ?? -1;
  const found = new SourceMap(JSON.parse(map)).findEntry(at, column + 1);
  expect(found).toMatchObject({ originalSource: 'source.ts', originalLine: 4 });
});

it('a stack trace names the sources where Node is told to use source maps', async () => {
  const { code, map } = await load(
    '#!/usr/bin/env node\nfunction broken() {\n  throw new Error("no");\n}\nif (process.argv[2] === "break") broken();\n',
  );
  const folder = mkdtempSync(join(tmpdir(), 'latticra-pack-'));
  try {
    writeFileSync(join(folder, 'made.cjs'), code);
    writeFileSync(join(folder, 'made.cjs.map'), map);
    const argv = ['--enable-source-maps', join(folder, 'made.cjs'), 'break'];
    const { stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect(stderr).toContain(`at broken (${join(folder, 'source.ts')}:3:9)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('a module that is not as esbuild prints it into a bundle is refused', async () => {
  const neighbours = { numbers: NUMBERS, helpers: new Set<string>() };
  const pieceOf = (code: string) => toPiece({ specifier: './made.js', code, map: NO_MAP }, neighbours);
  await expect(pieceOf('export const x = 1;\n')).rejects.toThrow('./made.js');
  await expect(pieceOf("import all from './other.js';\nconsole.log(all);\n")).rejects.toThrow('./other.js');
  await expect(pieceOf('var a = 1, $p1 = 2;\nconsole.log($p1);\n')).rejects.toThrow('$p1');
  await expect(pieceOf('var a = "$c(100)";\nconsole.log(a);\n')).rejects.toThrow('$c(100');
  await expect(pieceOf("import { x } from './nowhere.js';\nconsole.log(x);\n")).rejects.toThrow(
    './nowhere.js',
  );
});

it('a script that a thread runs, which is a text of a module, has names of its own', async () => {
  for (const script of ['var a = 1, $o = 2;', "say('\\\\');let b, $o", 'const a = "x", $c = \'y\'']) {
    const { exports } = await load(
      `const script = ${JSON.stringify(script)};\nexport function text() { return script; }\n`,
    );
    expect(exports.text?.()).toBe(script);
  }
});
