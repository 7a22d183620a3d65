// SPDX-License-Identifier: Apache-2.0
import { transform } from 'esbuild';

/** Modules that Node has loaded before it runs anything. All others are loaded when something in them is first used. */
const LOADED = new Set(['buffer', 'events', 'fs', 'path', 'process', 'url', 'util']);

/**
 * What esbuild makes of `import … from` and of `import '…'`, each a line of its own, and all of them together before other code. The
 * default of a module of CommonJS, or all of it as an object, is loaded at once: nothing of ours is imported like that.
 */
const IMPORT = /^(?:var [\w$]+ = (?:__toESM\()?)?require\("[^"]+"\)(?:, 1)?\)?;$/;
const NAMED = /^var (import_\w+) = (require\("([^"]+)"\));$/;
const BARE = /^require\("\.\/[^"]+"\);$/;

const blank = (line: string) => ' '.repeat(line.length);

/** The modules beside one. */
export interface Neighbours {
  /** The code of those that esbuild made of its own helpers, by what they are imported as: each module gets its own copy. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Returns how the file of a module is called, by what it was imported as. */
  readonly rename: (specifier: string) => string;
}

/**
 * Makes CommonJS of an ES module in which every other module is loaded when something of it is first used, and then once. That is
 * the same thing for modules that do nothing when they are loaded, as all of ours.
 * @param code with its source map in it
 * @returns the code, and its source map
 */
export async function toLazyCommonJs(
  code: string,
  sourcefile: string,
  { helpers, rename }: Neighbours,
): Promise<{ readonly code: string; readonly map: string }> {
  const shared = { sourcefile, format: 'cjs', platform: 'node', target: 'node20' } as const;
  const eager = await transform(code, {
    ...shared,
    sourcemap: 'inline',
    // What is loaded late is required late.
    supported: { 'dynamic-import': false },
  });
  const loaders: string[] = [];
  const copies: string[] = [];
  const define: Record<string, string> = {};
  const makeLazy = (line: string) => {
    const [, name, expression, specifier] = NAMED.exec(line) ?? [];
    if (name === undefined || expression === undefined || specifier === undefined)
      return BARE.test(line) ? blank(line) : line;
    if (LOADED.has(specifier.replace(/^node:/, ''))) return line;
    const helper = helpers.get(specifier);
    if (helper === undefined) {
      define[name] = `__lazy._${loaders.length}`;
      loaders.push(expression);
    } else {
      define[name] = `__h${copies.length}`;
      copies.push(`__h${copies.length}=(module=>{${helper}return module.exports})({})`);
    }
    // The lines and columns of all else stay what the source map says.
    return blank(line);
  };
  const lines = eager.code.split('\n');
  const isImport = (line: string) => IMPORT.test(line);
  for (let at = lines.findIndex(isImport); at >= 0 && isImport(lines[at] ?? ''); at++)
    lines[at] = makeLazy(lines[at] ?? '');
  const getters = loaders.map((load, at) => `get _${at}(){return __m${at}??=${load}}`);
  const memory = loaders.map((_, at) => `__m${at}`);
  const declared = [...memory, ...copies, `__lazy={${getters.join(',')}}`];
  const banner = Object.keys(define).length === 0 ? '' : `"use strict";var ${declared.join(',')};`;
  const result = await transform(lines.join('\n'), {
    ...shared,
    banner,
    define,
    minify: true,
    sourcemap: 'external',
  });
  const required = result.code.replace(
    /\brequire\("([^"]+)"\)/g,
    (_, specifier: string) => `require(${JSON.stringify(rename(specifier))})`,
  );
  return { code: required, map: result.map };
}

/** Makes a module of esbuild's own helpers a text that sets `module.exports`. */
export async function toHelper(code: string): Promise<string> {
  const options = { format: 'cjs', platform: 'node', target: 'node20', minify: true } as const;
  return (await transform(code.replace(/\/\/# sourceMappingURL=.*/, ''), options)).code.trim();
}
