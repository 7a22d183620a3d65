// SPDX-License-Identifier: Apache-2.0
import { transform } from 'esbuild';
import { joinMaps, type Part } from './maps.js';
import { builtinName, type Piece } from './piece.js';

/** Loads a piece late: one of this file, or of the one that is named. */
const LATE =
  'async function $l(n){const from=$f[n];return typeof from=="string"?require("./"+from)["$"+n]():from()}';

/** A file that holds pieces. */
export interface Pack {
  /** Its name, which its neighbours require it by. */
  readonly file: string;
  /** What runs when the file is run as a program, and whose exports are those of the file. */
  readonly entry?: Piece;
  /** What is loaded when something in it is used. */
  readonly pieces: readonly Piece[];
}

/** What is outside of a pack. */
export interface Surroundings {
  readonly numbers: ReadonlyMap<string, number>;
  /** The file that each piece is in. */
  readonly fileOf: ReadonlyMap<string, string>;
  /** What pieces of other files use, by how it is imported; everything unless given. */
  readonly lent?: (specifier: string) => boolean;
  /** Code of esbuild's helpers. */
  readonly helperCode: string;
}

/**
 * Prints a pack: each piece is a function that runs once, when something in it is first used.
 * @returns the code, and its source map
 */
export async function printPack(
  { file, entry, pieces }: Pack,
  { numbers, fileOf, helperCode, lent = () => true }: Surroundings,
): Promise<{ readonly code: string; readonly map: string }> {
  const all = entry === undefined ? pieces : [entry, ...pieces];
  const inside = new Set(all.map(({ specifier }) => specifier));
  const numberOf = (specifier: string) => numbers.get(specifier) ?? -1;
  const others = distinct(all.flatMap(({ imports }) => imports)).filter(
    (specifier) => !inside.has(specifier),
  );
  const late = distinct(all.flatMap((piece) => piece.late));
  const helpers = distinct(all.flatMap((piece) => piece.helpers));
  const functions = [
    ...all
      .map(({ specifier }) => numberOf(specifier))
      .map((n) => `function $c${n}(){return $m${n}||($p${n}(),$m${n})}`),
    ...others.map((specifier) => {
      const n = numberOf(specifier);
      return `function $c${n}(){return $m${n}||($m${n}=require("./${fileOf.get(specifier)}").$${n}())}`;
    }),
    ...distinct(all.flatMap(({ builtins }) => builtins)).map(
      (name) =>
        `function ${builtinName(name)}(){return ${builtinName(name)}_||(${builtinName(name)}_=require("${name}"))}`,
    ),
    ...(all.some(({ late }) => late.length > 0) ? [LATE] : []),
  ];
  const files = late.map((specifier) =>
    inside.has(specifier)
      ? `${numberOf(specifier)}:$c${numberOf(specifier)}`
      : `${numberOf(specifier)}:"${fileOf.get(specifier)}"`,
  );
  const memory = [
    ...(files.length === 0 ? [] : [`$f={${files.join(',')}}`]),
    ...all.map(({ specifier }) => `$m${numberOf(specifier)}`),
    ...others.map((specifier) => `$m${numberOf(specifier)}`),
    ...distinct(all.flatMap(({ builtins }) => builtins)).map((name) => `${builtinName(name)}_`),
  ];
  const head = `"use strict";${await printHelpers(helpers, helperCode)}var ${memory.join(',')};${functions.join('')}`;
  const lines = head.split('\n');
  const hashbang = /^#!.*\n/.exec(entry?.code ?? '')?.[0] ?? '';
  const parts: Part[] = [];
  for (const { specifier, code, map } of all) {
    lines.push(`function $p${numberOf(specifier)}(){`);
    const body = code.replace(/^#!.*\n/, '\n').trimEnd();
    parts.push({ line: lines.length + (hashbang === '' ? 0 : 1), map });
    lines.push(...body.split('\n'), '}');
  }
  const shared = pieces.filter(({ specifier }) => lent(specifier));
  lines.push(printExports(entry, shared, numberOf), `//# sourceMappingURL=${file}.map`, '');
  return { code: hashbang + lines.join('\n'), map: joinMaps(parts) };
}

/**
 * Prints what a file exports: pieces for its neighbours, and what its entry exports. An entry without exports runs at once; one with
 * exports when one of them is asked for, or when it is the program: its neighbours may need no more than a piece.
 */
function printExports(
  entry: Piece | undefined,
  pieces: readonly Piece[],
  numberOf: (s: string) => number,
): string {
  const lent = pieces.map(({ specifier }) => `$${numberOf(specifier)}:$c${numberOf(specifier)}`);
  if (entry === undefined) return `module.exports={${lent.join(',')}};`;
  const own = numberOf(entry.specifier);
  if (entry.exports.length === 0) return `module.exports={${lent.join(',')}};$c${own}();`;
  const asked = entry.exports.map((name) => `get ${name}(){return $c${own}().${name}}`);
  return `module.exports={${[...lent, ...asked].join(',')}};require.main===module&&$c${own}();`;
}

/** Prints those of esbuild's helpers that are called, as properties of `$h`. */
async function printHelpers(names: readonly string[], code: string): Promise<string> {
  if (names.length === 0) return '';
  const { code: printed } = await transform(`${code}\n$h={${names.join(',')}};`, {
    platform: 'node',
    target: 'node20',
    minify: true,
    treeShaking: true,
  });
  return `var $h;${printed.trim()}`;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
