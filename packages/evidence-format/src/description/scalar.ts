// SPDX-License-Identifier: Apache-2.0
import { parseDigest } from '../digest.js';

/** The text for "there is none" wherever a document has a path, a digest or another value that may be absent. */
export const NONE = 'none';

/** How one value of type `T` stands behind its `key=`. What `read` refuses, no writer of a described document writes. */
export interface Scalar<T> {
  /** What the text has to be, as a part of a sentence: `a path or none`. */
  readonly expected: string;
  /** What a template shows in its place, joined by `-or-`: `['path', 'none']`. */
  readonly placeholder: readonly string[];
  /**
   * The texts that `read` may accept: words, those of a pattern, or any. A generator of documents picks among
   * them and asks `read`.
   */
  readonly texts: { readonly words?: readonly string[]; readonly pattern?: RegExp; readonly any?: true };
  print(value: T): string;
  /**
   * Returns the value in an object, because the value may be undefined; returns undefined for a text that is
   * not valid.
   */
  read(text: string): { readonly value: T } | undefined;
}

/** Any text, also none at all. */
export const anyText: Scalar<string> = {
  expected: 'text',
  placeholder: ['text'],
  texts: { any: true },
  print: (value) => value,
  read: (text) => ({ value: text }),
};

/** Text that says something. */
export const text: Scalar<string> = where(anyText, (value) => value !== '', 'a value', 'required');

/** Returns the scalar of texts that `pattern` matches from end to end. */
export function matching(pattern: RegExp, expected: string, ...placeholder: string[]): Scalar<string> {
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  return {
    ...where(anyText, (value) => whole.test(value), expected, ...placeholder),
    texts: { pattern: whole },
  };
}

/** The name of a file, a folder or an address: anything but the word for nothing. */
export const path: Scalar<string> = where(text, (value) => value !== NONE, 'a path', 'path');

/** Returns the scalar of exactly these words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Scalar<Word> {
  return {
    expected: words.join(' or '),
    placeholder: words,
    texts: { words },
    print: (value) => value,
    read: (found) => {
      const value = words.find((word) => word === found);
      return value === undefined ? undefined : { value };
    },
  };
}

/** A SHA-256 as 64 lower-case hexadecimal digits, written with `sha256:` before them. */
export const digest: Scalar<string> = {
  expected: 'sha256: and 64 lower-case hexadecimal digits',
  placeholder: ['sha256'],
  texts: { pattern: /^sha256:[0-9a-f]{64}$/ },
  print: (hex) => `sha256:${hex}`,
  read(found) {
    try {
      return { value: parseDigest(found) };
    } catch {
      return undefined;
    }
  },
};

/** `1` for true, `0` for false. */
export const bit: Scalar<boolean> = convert(
  oneOf(['0', '1']),
  (word) => word === '1',
  (value) => (value ? '1' : '0'),
);

/** A whole number in decimal, 0 or more, at most 2^53 - 1. */
export const wholeNumber: Scalar<number> = {
  expected: 'a whole number',
  placeholder: ['whole-number'],
  texts: { pattern: /^(?:0|[1-9]\d{0,15})$/ },
  print: String,
  read(found) {
    const value = Number(found);
    return /^(?:0|[1-9]\d*)$/.test(found) && Number.isSafeInteger(value) ? { value } : undefined;
  },
};

/** Returns the scalar of those values of `scalar` for which `holds` is true. */
export function where<T>(
  scalar: Scalar<T>,
  holds: (value: T) => boolean,
  expected: string,
  ...placeholder: string[]
): Scalar<T> {
  return {
    ...scalar,
    expected,
    placeholder: placeholder.length > 0 ? placeholder : scalar.placeholder,
    read(found) {
      const boxed = scalar.read(found);
      return boxed !== undefined && holds(boxed.value) ? boxed : undefined;
    },
  };
}

/** Returns the same scalar under another name for errors and templates: `a tag`. */
export function called<T>(scalar: Scalar<T>, expected: string, ...placeholder: string[]): Scalar<T> {
  return { ...scalar, expected, placeholder };
}

/** Returns the scalar of what `scalar` takes, or of one of the words, which are read as themselves. */
export function orWord(scalar: Scalar<string>, ...words: readonly string[]): Scalar<string> {
  return {
    ...scalar,
    expected: [scalar.expected, ...words].join(' or '),
    placeholder: [...scalar.placeholder, ...words],
    texts: { ...scalar.texts, words: [...(scalar.texts.words ?? []), ...words] },
    // A digest would print its prefix before the word.
    print: (value) => (words.includes(value) ? value : scalar.print(value)),
    read: (found) => (words.includes(found) ? { value: found } : scalar.read(found)),
  };
}

/**
 * Returns the scalar of what `scalar` takes, or of `none`, which is read as undefined. `scalar` must not take
 * `none`.
 */
export function orNone<T>(scalar: Scalar<T>): Scalar<T | undefined> {
  return {
    expected: `${scalar.expected} or ${NONE}`,
    placeholder: [...scalar.placeholder, NONE],
    texts: { ...scalar.texts, words: [...(scalar.texts.words ?? []), NONE] },
    print: (value) => (value === undefined ? NONE : scalar.print(value)),
    read: (found) => (found === NONE ? { value: undefined } : scalar.read(found)),
  };
}

/** Returns the scalar of the same texts with values of another type. */
export function convert<T, U>(
  scalar: Scalar<T>,
  fromText: (value: T) => U,
  toText: (value: U) => T,
): Scalar<U> {
  return {
    ...scalar,
    print: (value) => scalar.print(toText(value)),
    read(found) {
      const boxed = scalar.read(found);
      return boxed === undefined ? undefined : { value: fromText(boxed.value) };
    },
  };
}
