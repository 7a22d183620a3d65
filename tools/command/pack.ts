// SPDX-License-Identifier: Apache-2.0
import { transform } from 'esbuild';
import { builtinName } from './draft.js';
import { joinMaps, type Part } from './maps.js';
import type { Piece } from './piece.js';

/** Loads a piece late: one of this file, or of the one that is named. */
const LATE = 'async function $l(n){const from=$f[n];return from===void 0?$c(n):require("./"+from)["$"+n]()}';

/**
 * Gives what a piece exports, and runs it first where it did not: `$q` has the pieces of this file, `$o` the files of others. One function
 * for all, since V8 compiles each where it is first called.
 */
const GIVE =
  'function $c(n){let m=$m[n];if(m!==void 0)return m;const q=$q[n];if(q!==void 0)return q(),$m[n];return $m[n]=require("./"+$o[n])["$"+n]()}';

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
    GIVE,
    ...distinct(all.flatMap(({ builtins }) => builtins)).map(
      (name) =>
        `function ${builtinName(name)}(){return ${builtinName(name)}_||(${builtinName(name)}_=require("${name}"))}`,
    ),
    ...(late.length > 0 ? [LATE] : []),
  ];
  const fileTable = (specifiers: readonly string[]) =>
    `{${specifiers.map((specifier) => `${numberOf(specifier)}:"${fileOf.get(specifier)}"`).join(',')}}`;
  const own = all.map(({ specifier }) => `${numberOf(specifier)}:$p${numberOf(specifier)}`);
  const memory = [
    '$m=[]',
    `$q={${own.join(',')}}`,
    `$o=${fileTable(others)}`,
    ...(late.length === 0 ? [] : [`$f=${fileTable(late.filter((specifier) => !inside.has(specifier)))}`]),
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
  const lent = pieces.map(({ specifier }) => `$${numberOf(specifier)}:()=>$c(${numberOf(specifier)})`);
  if (entry === undefined) return `module.exports={${lent.join(',')}};`;
  const own = numberOf(entry.specifier);
  if (entry.exports.length === 0) return `module.exports={${lent.join(',')}};$c(${own});`;
  const asked = entry.exports.map((name) => `get ${name}(){return $c(${own}).${name}}`);
  return `module.exports={${[...lent, ...asked].join(',')}};require.main===module&&$c(${own});`;
}

const printed = new Map<string, Promise<string>>();

/** Prints those of esbuild's helpers that are called, as properties of `$h`. */
async function printHelpers(names: readonly string[], code: string): Promise<string> {
  if (names.length === 0) return '';
  const key = `${code}\n$h={${names.join(',')}};`;
  const made =
    printed.get(key) ??
    transform(key, { platform: 'node', target: 'node20', minify: true, treeShaking: true }).then(
      (result) => `var $h;${result.code.trim()}`,
    );
  printed.set(key, made);
  return made;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
