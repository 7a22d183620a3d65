// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourceOf } from './at-start.js';
import { circlesIn } from './circles.js';
import { printPack } from './pack.js';
import { packsOf } from './packs.js';
import { toPiece } from './piece.js';

/**
 * Makes CommonJS (`.cjs`) of the ES modules (`.js`) that esbuild has split a bundle into. It starts sooner that way: Node loads
 * its loader of ES modules only for those, a module of CommonJS can be loaded when it is used, and those that are used together are
 * in one file.
 * @param folder the bundle; a module's source map is in it, and lies beside the file afterwards
 */
export async function toCommonJs(folder: string): Promise<void> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const codes = new Map(names.sort().map((name) => [`./${name}`, readWithMap(join(folder, name))]));
  const helpers = [...codes.keys()].filter((specifier) => isHelper(codes.get(specifier) ?? ''));
  const helperCode = helpers.map((specifier) => withoutExports(codes.get(specifier) ?? '')).join('\n');
  for (const specifier of helpers) codes.delete(specifier);
  const numbers = new Map([...codes.keys()].map((specifier, at) => [specifier, at]));
  const imports = new Map([...codes].map(([specifier, code]) => [specifier, importsOf(code)]));
  const circles = circlesIn(imports);
  const neighbours = { numbers, helpers: new Set(helpers) };
  const pieces = await Promise.all(
    [...codes].map(([specifier, code]) =>
      toPiece({ specifier, code }, neighbours, (each) => circles.has(each)),
    ),
  );
  const located = pieces.map((piece) => ({
    ...piece,
    sources: piece.sources.map((source) => sourceOf(resolve(folder, source))),
  }));
  const packs = packsOf(located, entriesIn(codes, imports));
  const fileOf = new Map(
    packs.flatMap(({ file, entry, pieces: held }) =>
      [...held, ...(entry === undefined ? [] : [entry])].map(({ specifier }) => [specifier, file] as const),
    ),
  );
  for (const name of names) rmSync(join(folder, name));
  for (const pack of packs) {
    const { code, map } = await printPack(pack, { numbers, fileOf, helperCode });
    writeFileSync(join(folder, pack.file), code);
    writeFileSync(join(folder, `${pack.file}.map`), map);
  }
}

/** Reads a module, and lays its source map into it where that is a file: `tsup --sourcemap` makes one. */
function readWithMap(path: string): string {
  const code = readFileSync(path, 'utf8');
  if (!existsSync(`${path}.map`)) return code;
  const map = readFileSync(`${path}.map`).toString('base64');
  rmSync(`${path}.map`);
  const without = code.replace(/^\/\/# sourceMappingURL=.*\n?/gm, '');
  return `${without.trimEnd()}\n//# sourceMappingURL=data:application/json;base64,${map}\n`;
}

/** Returns what a module imports of its neighbours when it is loaded. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/^(?:\} from|import) "(\.\/[^"]+)";$/gm)].map(([, specifier = '']) => specifier);
}

/** Lists the modules that no other imports, the command first. */
function entriesIn(
  codes: ReadonlyMap<string, string>,
  imports: ReadonlyMap<string, readonly string[]>,
): string[] {
  const late = [...codes.values()].flatMap((code) =>
    [...code.matchAll(/\bimport\("(\.\/[^"]+)"\)/g)].map(([, specifier]) => specifier),
  );
  const imported = new Set([...[...imports.values()].flat(), ...late]);
  return [...codes.keys()]
    .filter((specifier) => !imported.has(specifier))
    .sort((a, b) => Number(b === './main.js') - Number(a === './main.js'));
}

function withoutExports(code: string): string {
  return code.replace(/\/\/# sourceMappingURL=.*/, '').replace(/^export \{\n[^}]*\};$/m, '');
}

/** Returns whether a module is made of no source: there are only esbuild's helpers in it, or nothing. */
function isHelper(code: string): boolean {
  const [, base64 = ''] = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)/.exec(code) ?? [];
  if (base64 === '' || importsOf(code).length > 0) return false;
  const { sources }: { sources: readonly string[] } = JSON.parse(Buffer.from(base64, 'base64').toString());
  return sources.length === 0;
}
