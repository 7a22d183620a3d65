// SPDX-License-Identifier: Apache-2.0
import type { Field, FieldValues } from '@latticra/evidence-format';
import { fields, type Section } from '@latticra/evidence-format';

/** Entries of a list that are shown. */
const MAX_ENTRIES = 100;
const MAX_VALUE = 500;

/**
 * What drives a terminal, ends a line, cannot be seen or turns text around: of categories Cc, Cf, Zl, Zp and Cs.
 * A label from inside a file may hold any of it.
 */
const unprintable = () => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\\]/gu;
/** Printable ASCII without the backslash: to make the expression above takes longer than to print a document. */
const PLAIN = /^[ -[\]-~]*$/;

/**
 * Returns text from inside a file as one printable line: what is unprintable, and the backslash itself, as `\u` and
 * hex digits.
 */
export function printable(text: string): string {
  const cut = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
  return PLAIN.test(cut)
    ? cut
    : cut.replace(unprintable(), (character) => {
        const point = character.codePointAt(0) ?? 0;
        return `\\u{${point.toString(16)}}`;
      });
}

/** Returns a value, or `unknown` where there is none. */
export const orUnknown = (value: string | number | undefined): string | number =>
  value === undefined ? 'unknown' : typeof value === 'string' ? printable(value) : value;

/** Makes a section with these values as its fields. */
export const section = (name: string, values: FieldValues): Section => ({ name, fields: fields(values) });

/** Makes a section with a count, and the first hundred items as `item.1` and so on. */
export function listSection(name: string, items: readonly string[]): Section {
  const shown = items
    .slice(0, MAX_ENTRIES)
    .map((item, index): Field => ({ key: `item.${index + 1}`, value: printable(item) }));
  return { name, fields: [...fields({ count: items.length }), ...shown] };
}

/** Makes a section, named in the plural, with a count, and the first hundred items as sections `name:1` and so on. */
export function itemSections<T>(
  name: string,
  plural: string,
  items: readonly T[],
  valuesOf: (item: T) => FieldValues,
): Section[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, MAX_ENTRIES);
  return [
    section(plural, { count: items.length, shown: shown.length }),
    ...shown.map((item, index) => section(`${name}:${index + 1}`, valuesOf(item))),
  ];
}
