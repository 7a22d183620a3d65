// SPDX-License-Identifier: Apache-2.0
import type { EvidenceDocument, Field } from '../document.js';
import { formatDocument } from '../format.js';
import { documentToJson } from '../json.js';
import { parseDocument } from '../parse.js';
import { blocksOf, expectedOf, placeholderOf } from './block.js';
import { numberedKey, type Part } from './part.js';
import { readDocument } from './read.js';
import type { Derivable, ValueOf } from './value.js';
import { writeDocument } from './write.js';

/** One line of a described document, for a page or a table. */
export interface OutlineLine {
  /** Undefined for the fields before the sections. */
  readonly section: string | undefined;
  readonly key: string;
  /** What its value has to be: `a path or none`. */
  readonly expected: string;
}

/** A kind of document, with everything that comes from its description. `Value` is what one document of it says. */
export interface DocumentDescription<Value> {
  readonly title: string;
  /** The keys before the sections, in their order. */
  readonly keys: readonly string[];
  /** All lines, in their order. A numbered section has one, that of its first value. */
  readonly outline: readonly OutlineLine[];
  readonly parts: readonly Part[];
  /**
   * Makes the document that says `value`.
   * @throws EvidenceError `bad-value` for a value that `parse` would refuse, or read as something else
   */
  document(value: Value): EvidenceDocument;
  /** Writes the document as text. @throws EvidenceError as `document` does, and for a text that no document can hold */
  format(value: Value): string;
  /** Writes the document as JSON, in the same order. @throws EvidenceError as `format` does */
  formatJson(value: Value): string;
  /**
   * Reads a document strictly: this title, these keys and sections, in this order, each value of its type.
   * @throws EvidenceError with line and key; see its codes
   */
  parse(input: Uint8Array | string): Value;
  /** Returns the fields before the sections with what is to be filled in: `<path-or-none>`, or what always stands there. */
  template(): Field[];
}

/** What a document of a description says: `DocumentValue<typeof inputBundle>`. */
export type DocumentValue<Description> = Description extends DocumentDescription<infer Value> ? Value : never;

/**
 * Makes the description of one kind of document from its title and parts: writer, strict reader, template, list
 * of keys and types. `parse` gives back what `format` was given, and `format` writes back byte for byte what
 * `parse` takes.
 * @param parts lines in their order, then sections
 */
export function defineDocument<const Parts extends readonly Part[]>(
  title: string,
  parts: Parts & Derivable<Parts>,
): DocumentDescription<ValueOf<Parts>> {
  const blocks = blocksOf(parts);
  const document = (value: ValueOf<Parts>) => writeDocument(title, blocks, value);
  const format = (value: ValueOf<Parts>) => formatDocument(document(value));
  return {
    title,
    parts,
    keys: (blocks[0]?.lines ?? []).map(({ key }) => key),
    outline: blocks.flatMap(({ name, lines, numbered }) => [
      ...lines.map((line) => ({ section: name, key: line.key, expected: expectedOf(line) })),
      ...(numbered === undefined
        ? []
        : [{ section: name, key: numberedKey(numbered, 0), expected: numbered.scalar.expected }]),
    ]),
    document,
    format,
    formatJson: (value) => {
      format(value);
      return documentToJson(document(value));
    },
    parse(input) {
      const parsed = parseDocument(input);
      // The parts give the reader the very types that they give ValueOf.
      return readDocument(title, blocks, parsed) as ValueOf<Parts>;
    },
    template: () => (blocks[0]?.lines ?? []).map((line) => ({ key: line.key, value: placeholderOf(line) })),
  };
}
