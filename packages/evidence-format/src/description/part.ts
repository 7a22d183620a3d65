// SPDX-License-Identifier: Apache-2.0
import type { ClaimKey } from '../claims.js';
import { NONE, type Scalar } from './scalar.js';

/** A line whose value stands at `path` in what the document says: `rootfs.format`. */
export interface FieldLine<Path extends string = string, T = unknown> {
  readonly kind: 'field';
  readonly key: string;
  readonly path: Path;
  readonly scalar: Scalar<T>;
}

/** A line that always reads the same. */
export interface AlwaysLine {
  readonly kind: 'always';
  readonly key: string;
  readonly text: string;
}

/** A line that follows from the rest: read, it has to say what is derived again. */
export interface DerivedLine<Value = never> {
  readonly kind: 'derived';
  readonly key: string;
  readonly derive: (value: Value) => string | number;
}

/** Lines that are there together, or all say that there is nothing: the value at `path` is then undefined. */
export interface OptionalLines<
  Path extends string = string,
  Lines extends readonly FieldLine[] = readonly FieldLine[],
> {
  readonly kind: 'optional';
  readonly path: Path;
  readonly lines: Lines;
  /** What each line says then, by key; `none` where nothing else is named. */
  readonly absent: Readonly<Record<string, string>>;
}

/** What stands in one block, in its order. */
export type Line = FieldLine | AlwaysLine | DerivedLine | OptionalLines;

/** A `[name]` with lines of its own. */
export interface SectionPart<Lines extends readonly Line[] = readonly Line[]> {
  readonly kind: 'section';
  readonly name: string;
  readonly lines: Lines;
}

/** A `[name]` with as many numbered lines as there are values: `argv_00=…`, `argv_01=…`. */
export interface NumberedSection<Path extends string = string, T = unknown> {
  readonly kind: 'numbered';
  readonly name: string;
  readonly path: Path;
  readonly scalar: Scalar<T>;
  readonly prefix: string;
  /** Number of the first line. */
  readonly first: number;
  /** As few lines as there may be. */
  readonly least: number;
}

/** Lines first, then sections. */
export type Part = Line | SectionPart | NumberedSection;

/** Puts the value at `path` on the line of `key`. */
export function field<const Path extends string, T>(
  key: string,
  path: Path,
  scalar: Scalar<T>,
): FieldLine<Path, T> {
  return { kind: 'field', key, path, scalar };
}

/** Insists on a line that always reads the same. */
export function always(key: string, value: string | number): AlwaysLine {
  return { kind: 'always', key, text: String(value) };
}

/** Insists on lines for these claims, each of which always reads 0. */
export function claims<const Keys extends readonly ClaimKey[]>(
  ...keys: Keys
): { readonly [Index in keyof Keys]: AlwaysLine };
export function claims(...keys: readonly ClaimKey[]): readonly AlwaysLine[] {
  return keys.map((key) => always(key, 0));
}

/** Writes on the line of `key` what follows from the other values; a reader accepts nothing else there. */
export function derived<Value>(key: string, derive: (value: Value) => string | number): DerivedLine<Value> {
  return { kind: 'derived', key, derive };
}

/** Groups lines that may be absent, all at once; the first of them tells whether they are. */
export function optional<const Path extends string, const Lines extends readonly FieldLine[]>(
  path: Path,
  lines: Lines,
  absent: Readonly<Record<string, string>> = {},
): OptionalLines<Path, Lines> {
  return { kind: 'optional', path, lines, absent };
}

/** Returns what an absent line of a group says. */
export function absentText({ absent }: OptionalLines, key: string): string {
  return absent[key] ?? NONE;
}

/** Puts lines under a `[name]`. */
export function section<const Lines extends readonly Line[]>(name: string, lines: Lines): SectionPart<Lines> {
  return { kind: 'section', name, lines };
}

/** Puts the values of the list at `path` under a `[name]`, numbered with two digits or more. */
export function numbered<const Path extends string, T>(
  name: string,
  path: Path,
  scalar: Scalar<T>,
  {
    prefix,
    first = 0,
    least = 0,
  }: { readonly prefix: string; readonly first?: number; readonly least?: number },
): NumberedSection<Path, T> {
  return { kind: 'numbered', name, path, scalar, prefix, first, least };
}

/** Returns the key of the n-th line of a numbered section, counted from 0. */
export function numberedKey({ prefix, first }: NumberedSection, index: number): string {
  return `${prefix}${String(first + index).padStart(2, '0')}`;
}
