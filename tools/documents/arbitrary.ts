// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import type { DocumentDescription, Part, Scalar } from '../../packages/evidence-format/src/define.js';
import { putAt } from '../../packages/evidence-format/src/description/path.js';
import { isPlainText } from '../../packages/evidence-format/src/index.js';

type Line = Exclude<Part, { readonly kind: 'section' | 'numbered' }>;

/** Where a value stands, and what it is. */
type Entry = readonly [path: string, value: unknown];

const plain = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => isPlainText(text));

/** Generates values that `scalar` reads, by way of texts. */
function valuesOf(scalar: Scalar<unknown>): fc.Arbitrary<unknown> {
  const { words = [], pattern, any } = scalar.texts;
  const free = [
    plain,
    plain.map((text) => `/${text}`),
    fc.constantFrom('', 'a/b.txt', '/usr/bin/x', '-', '=', '[x]', 'none ', '0'),
  ];
  return fc
    .oneof(
      ...(words.length > 0 ? [fc.constantFrom(...words)] : []),
      ...(pattern === undefined ? [] : [fc.stringMatching(pattern)]),
      ...(any === undefined ? [] : free),
    )
    .map((text) => (isPlainText(text) ? scalar.read(text) : undefined))
    .filter((boxed) => boxed !== undefined)
    .map(({ value }) => value);
}

const entriesOf = (part: Part): fc.Arbitrary<readonly Entry[]> => {
  switch (part.kind) {
    case 'always':
    case 'derived':
      return fc.constant([]);
    case 'field':
      return valuesOf(part.scalar).map((value) => [[part.path, value]]);
    case 'optional':
      return fc.option(objectOf(part.lines), { nil: undefined }).map((value) => [[part.path, value]]);
    case 'section':
      return all(part.lines);
    case 'numbered':
      return fc
        .array(valuesOf(part.scalar), { minLength: part.least, maxLength: 12 })
        .map((values) => [[part.path, values]]);
  }
};

const all = (parts: readonly (Part | Line)[]): fc.Arbitrary<readonly Entry[]> =>
  fc.tuple(...parts.map(entriesOf)).map((entries) => entries.flat());

const objectOf = (parts: readonly Part[]): fc.Arbitrary<Record<string, unknown>> =>
  all(parts).map((entries) => {
    const value: Record<string, unknown> = {};
    for (const [path, each] of entries) putAt(value, path, each);
    return value;
  });

/** Generates what documents of a description say. */
export function documentValues(description: DocumentDescription<unknown>): fc.Arbitrary<unknown> {
  return objectOf(description.parts);
}
