// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import { SealError } from './error.js';

/** A file or folder that a pattern is compared with. */
export interface Entry {
  /** The path from the root, with `/` between names. */
  readonly path: string;
  /** The last name of the path. */
  readonly name: string;
  /** Whether it is a real folder: a link to one is none. */
  readonly isFolder: boolean;
}

/** Returns whether an entry matches a compiled pattern. */
export type Matcher = (entry: Entry) => boolean;

/**
 * Compiles a pattern: at most one `*`, which stands for any run of characters within one name; with `/` at the
 * end it means folders alone; with a `/` inside, the path from the root; else the name, at any depth.
 * @throws SealError `pattern`
 */
export function compilePattern(pattern: string): Matcher {
  const foldersOnly = pattern.endsWith('/');
  const text = foldersOnly ? pattern.slice(0, -1) : pattern;
  assertPattern(pattern, text);
  const byPath = text.includes('/');
  const matches = compileStar(text);
  return ({ path, name, isFolder }) => (isFolder || !foldersOnly) && matches(byPath ? path : name);
}

function assertPattern(pattern: string, text: string): void {
  const problem =
    text === ''
      ? 'is empty'
      : text.split('*').length > 2
        ? 'has more than one *'
        : text.startsWith('/')
          ? 'begins with /, expected a path from the root without it'
          : text.includes('\\') || !isPlainText(text)
            ? 'holds a backslash, a control or an invisible character'
            : text.split('/').some((name) => name === '' || name === '.' || name === '..')
              ? 'has an empty name, a . or a .. in it'
              : undefined;
  if (problem !== undefined) throw new SealError('pattern', `pattern ${JSON.stringify(pattern)} ${problem}`);
}

function compileStar(text: string): (subject: string) => boolean {
  const star = text.indexOf('*');
  if (star < 0) return (subject) => subject === text;
  const head = text.slice(0, star);
  const tail = text.slice(star + 1);
  return (subject) =>
    subject.length >= head.length + tail.length &&
    subject.startsWith(head) &&
    subject.endsWith(tail) &&
    !subject.slice(head.length, subject.length - tail.length).includes('/');
}

/** Compiles several patterns to one that matches where any of them does. @throws SealError `pattern` */
export function compilePatterns(patterns: readonly string[]): Matcher {
  const matchers = patterns.map(compilePattern);
  return (entry) => {
    for (const matches of matchers) if (matches(entry)) return true;
    return false;
  };
}
