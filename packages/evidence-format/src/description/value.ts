// SPDX-License-Identifier: Apache-2.0
import type { DerivedLine, FieldLine, NumberedSection, OptionalLines, SectionPart } from './part.js';

/** A place in a value, and what stands there: `['rootfs.format', 'tar' | 'tar.gz']`. */
type Entry = readonly [path: string, value: unknown];

/** The entries of a union of parts. */
type Entries<Part> =
  Part extends FieldLine<infer Path, infer T>
    ? readonly [Path, T]
    : Part extends OptionalLines<infer Path, infer Lines>
      ? readonly [Path, Tree<Entries<Lines[number]>> | undefined]
      : Part extends SectionPart<infer Lines>
        ? Entries<Lines[number]>
        : Part extends NumberedSection<infer Path, infer T>
          ? readonly [Path, readonly T[]]
          : never;

type Head<Path extends string> = Path extends `${infer Name}.${string}` ? Name : Path;
type Leaf<E extends Entry, Name> = E extends readonly [Name, infer T] ? T : never;
type Below<E extends Entry, Name extends string> = E extends readonly [`${Name}.${infer Rest}`, infer T]
  ? readonly [Rest, T]
  : never;

/** The object in which each entry stands at its path. */
type Tree<E extends Entry> = {
  readonly [Name in Head<E[0]>]: [Below<E, Name>] extends [never] ? Leaf<E, Name> : Tree<Below<E, Name>>;
};

/** What a document of these parts says. */
export type ValueOf<Parts extends readonly unknown[]> = Tree<Entries<Parts[number]>>;

type Intersect<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** What the derived lines among these parts have to be given. */
type Needs<Part> = Part extends { readonly kind: 'derived' } & DerivedLine<infer Value>
  ? [Value]
  : Part extends SectionPart<infer Lines>
    ? Needs<Lines[number]>
    : never;

/** `unknown` for parts whose derived lines are derived from what the document says, else a type that they are not of. */
export type Derivable<Parts extends readonly unknown[]> =
  [ValueOf<Parts>] extends Intersect<Needs<Parts[number]> | [unknown]>
    ? unknown
    : { readonly derivedFrom: ValueOf<Parts> };
