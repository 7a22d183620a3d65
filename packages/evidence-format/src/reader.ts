// SPDX-License-Identifier: Apache-2.0
import { parseDigest } from './digest.js';
import type { Field, Flag } from './document.js';
import { EvidenceError } from './error.js';

/**
 * Reads the fields of a document or section by name and type, and in the end insists that there was nothing
 * else: an unknown key is as much an error as a missing one.
 */
export interface FieldReader {
  /** The value as it stands. */
  text(key: string): string;
  /** `0` or `1`. */
  flag(key: string): Flag;
  /** The 64 hexadecimal digits of a `sha256:…` value. */
  digest(key: string): string;
  /** A whole number in decimal, 0 or more, at most 2^53 - 1. */
  integer(key: string): number;
  /** One of the words listed. */
  oneOf<Word extends string>(key: string, words: readonly Word[]): Word;
  /** The line that `key` stands on, 1-based; undefined when it does not. */
  line(key: string): number | undefined;
  /** @throws EvidenceError `unexpected` naming the first field that was never asked for. */
  end(): void;
}

/**
 * A reader over the fields of a document or of one section. Each method throws EvidenceError `missing` or
 * `wrong-type`, with the line.
 * @param firstLine the line of the first field: 2 in a document, behind the title
 */
export function readFields(block: { readonly fields: readonly Field[] }, firstLine = 2): FieldReader {
  const values = new Map(block.fields.map(({ key, value }) => [key, value]));
  // A document has one field a line and nothing between, so the place in the list is the place in the text.
  const lines = new Map(block.fields.map(({ key }, index) => [key, firstLine + index]));
  const unread = new Set(values.keys());
  const place = (key: string) => ({ key, line: lines.get(key) ?? firstLine });
  const text = (key: string): string => {
    const value = values.get(key);
    if (value === undefined) throw new EvidenceError('missing', `${key}: missing`, { key });
    unread.delete(key);
    return value;
  };
  const typed = (key: string, expected: string): EvidenceError =>
    new EvidenceError(
      'wrong-type',
      `${key}: expected ${expected}, found ${JSON.stringify(text(key))}`,
      place(key),
    );
  return {
    text,
    flag(key) {
      const value = text(key);
      if (value !== '0' && value !== '1') throw typed(key, '0 or 1');
      return value === '1' ? 1 : 0;
    },
    digest(key) {
      try {
        return parseDigest(text(key));
      } catch (error) {
        if (error instanceof EvidenceError && error.code === 'missing') throw error;
        throw typed(key, 'sha256: and 64 lower-case hexadecimal digits');
      }
    },
    integer(key) {
      const value = text(key);
      const number = Number(value);
      if (!/^(0|[1-9]\d*)$/.test(value) || !Number.isSafeInteger(number)) throw typed(key, 'a whole number');
      return number;
    },
    oneOf(key, words) {
      const value = text(key);
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) throw typed(key, words.join(' or '));
      return word;
    },
    line: (key) => lines.get(key),
    end() {
      for (const key of unread)
        throw new EvidenceError('unexpected', `${key}: expected no such key`, place(key));
    },
  };
}
