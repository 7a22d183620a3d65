// SPDX-License-Identifier: Apache-2.0
import type { Field, FieldValues } from '@latticra/evidence-format';
import { fields, type Section } from '@latticra/evidence-format';
import { printable } from '../printable.js';

/** Entries of a list that are shown. */
const MAX_ENTRIES = 100;

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
