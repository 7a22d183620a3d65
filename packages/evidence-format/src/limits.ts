// SPDX-License-Identifier: Apache-2.0
import { EvidenceError, type EvidencePlace } from './error.js';

/** The longest line, in bytes of UTF-8, without its LF. */
export const MAX_LINE_BYTES = 8191;
/** The largest document, in bytes. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

const KEY = /^[a-z0-9][a-z0-9_.-]*$/;
/**
 * Returns what finds that which does not show as what it is, by Unicode's general category: controls (Cc), format characters (Cf: they are
 * invisible, join, or turn the direction), the separators that some readers take for line ends (Zl, Zp), and halves of
 * surrogate pairs (Cs), which have no UTF-8. Private use and unassigned characters show, and which are unassigned
 * depends on the version of Unicode: they are plain.
 */
function hidden(): RegExp {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
}

/**
 * Printable ASCII, as nearly all text is, needs no second look. To make the expression above takes longer than to print a
 * document.
 */
const ASCII = /^[ -~]*$/;
/** More of a value helps nobody to find it. */
const MAX_QUOTED = 100;

/** Returns whether `text` can stand on one line of a document and is read there as what it is. */
export function isPlainText(text: string): boolean {
  return ASCII.test(text) || text.search(hidden()) < 0;
}

/**
 * Returns the text with everything that {@link isPlainText} refuses written as `\u` and four digits, or `\u{…}`: one line
 * that drives no terminal. For messages; a value that would need it is refused instead.
 */
export function escapeControls(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(hidden(), (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}

/** Quotes a text for a message: as JSON does, plain, and cut with `…` after some 100 characters. */
export function quoteText(text: string): string {
  let shown = '';
  for (const character of text) {
    const next = escapeControls(JSON.stringify(character).slice(1, -1));
    if (shown.length + next.length > MAX_QUOTED) return `"${shown}…"`;
    shown += next;
  }
  return `"${shown}"`;
}

/** Refuses a key that does not match `[a-z0-9][a-z0-9_.-]*`. @throws EvidenceError `bad-key` */
export function assertKey(key: string, place: EvidencePlace = {}): void {
  if (!KEY.test(key)) {
    throw new EvidenceError('bad-key', `key ${quoteText(key)}: expected ${KEY.source.slice(1, -1)}`, place);
  }
}

/** Refuses a value that would not stay on its line as it is. @throws EvidenceError `bad-value` */
export function assertValue(key: string, value: string, place: EvidencePlace = {}): void {
  if (!isPlainText(value)) {
    throw new EvidenceError(
      'bad-value',
      `${key}: expected one line without control or invisible characters, found ${quoteText(value)}`,
      { ...place, key },
      { fix: 'use a value, or a path, without line breaks, tabs, escapes, joiners and direction marks' },
    );
  }
}

/**
 * Refuses a section name that is not made of keys joined by `:`, as in `profile:x86_64-grub2-bios-preview`.
 * @throws EvidenceError `bad-key`
 */
export function assertSectionName(name: string, place: EvidencePlace = {}): void {
  for (const part of name.split(':')) assertKey(part, place);
}

/**
 * Refuses a title that is not one non-empty line, or that could be taken for a field or section.
 * @throws EvidenceError `bad-line`
 */
export function assertTitle(title: string, place: EvidencePlace = {}): void {
  if (
    title.trim() !== title ||
    title === '' ||
    !isPlainText(title) ||
    title.includes('=') ||
    title.startsWith('[')
  ) {
    throw new EvidenceError(
      'bad-line',
      `expected a title: one line without '=' that does not start with '[', found ${quoteText(title)}`,
      place,
    );
  }
}

/** Refuses a line of more than {@link MAX_LINE_BYTES}. @throws EvidenceError `too-large` */
export function assertLineLength(line: string, what: string, place: EvidencePlace = {}): void {
  // A UTF-16 unit is at most three bytes, so most lines need no counting.
  if (line.length * 3 <= MAX_LINE_BYTES) return;
  const bytes = Buffer.byteLength(line);
  if (bytes > MAX_LINE_BYTES) {
    throw new EvidenceError(
      'too-large',
      `${what}: ${bytes} bytes, expected at most ${MAX_LINE_BYTES}`,
      place,
    );
  }
}
