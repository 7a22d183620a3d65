// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sourceOf } from './at-start.js';
import { circlesIn } from './circles.js';
import type { SourceMap } from './maps.js';
import { printPack } from './pack.js';
import { packsOf } from './packs.js';
import { toPiece } from './piece.js';

/** An ES module that esbuild has split a bundle into. */
export interface Module {
  readonly code: string;
  /** Names its sources from the folder of the bundle on. */
  readonly map: SourceMap;
}

/**
 * Makes CommonJS (`.cjs`) of the ES modules that a bundle was split into. It starts sooner that way: Node loads
 * its loader of ES modules only for those, a module of CommonJS can be loaded when it is used, and those that are used together are
 * in one file.
 * @param modules by how they import each other, such as `./main.js`
 * @param folder where the bundle comes to be; the source map of a file lies beside it
 */
export async function toCommonJs(modules: ReadonlyMap<string, Module>, folder: string): Promise<void> {
  const sorted = [...modules].sort(([a], [b]) => (a < b ? -1 : 1));
  const helpers = new Map(sorted.filter(([, module]) => isHelper(module)));
  const codes = new Map(sorted.filter(([specifier]) => !helpers.has(specifier)));
  const helperCode = [...helpers.values()].map(({ code }) => withoutExports(code)).join('\n');
  const numbers = new Map([...codes.keys()].map((specifier, at) => [specifier, at]));
  const imports = new Map([...codes].map(([specifier, { code }]) => [specifier, importsOf(code)]));
  const circles = circlesIn(imports);
  const neighbours = { numbers, helpers: new Set(helpers.keys()) };
  const pieces = await Promise.all(
    [...codes].map(([specifier, module]) =>
      toPiece({ specifier, ...module }, neighbours, (each) => circles.has(each)),
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
  // Of what only its own file uses, no other needs to hear.
  const asked = new Set(
    located.flatMap(({ specifier, imports: used, late }) =>
      [...used, ...late].filter((each) => fileOf.get(each) !== fileOf.get(specifier)),
    ),
  );
  mkdirSync(folder, { recursive: true });
  for (const pack of packs) {
    const { code, map } = await printPack(pack, {
      numbers,
      fileOf,
      helperCode,
      lent: (each) => asked.has(each),
    });
    writeFileSync(join(folder, pack.file), code);
    writeFileSync(join(folder, `${pack.file}.map`), map);
  }
}

/** Returns what a module imports of its neighbours when it is loaded. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/^(?:\} from|import) "(\.\/[^"]+)";$/gm)].map(([, specifier = '']) => specifier);
}

/** Lists the modules that no other imports, the command first. */
function entriesIn(
  codes: ReadonlyMap<string, Module>,
  imports: ReadonlyMap<string, readonly string[]>,
): string[] {
  const late = [...codes.values()].flatMap(({ code }) =>
    [...code.matchAll(/\bimport\("(\.\/[^"]+)"\)/g)].map(([, specifier]) => specifier),
  );
  const imported = new Set([...[...imports.values()].flat(), ...late]);
  return [...codes.keys()]
    .filter((specifier) => !imported.has(specifier))
    .sort((a, b) => Number(b === './main.js') - Number(a === './main.js'));
}

function withoutExports(code: string): string {
  return code.replace(/^export \{\n[^}]*\};$/m, '');
}

/** Returns whether a module is made of no source: there are only esbuild's helpers in it, or nothing. */
function isHelper({ code, map }: Module): boolean {
  return map.sources.length === 0 && importsOf(code).length === 0;
}
