// SPDX-License-Identifier: Apache-2.0
import { EvidenceError, type EvidencePlace } from './error.js';

/** The longest line, in bytes of UTF-8, without its LF. */
export const MAX_LINE_BYTES = 8191;
/** The largest document, in bytes. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

const KEY = /^[a-z0-9][a-z0-9_.-]*$/;
/** C0, DEL, C1, and the two separators that some readers take for line ends. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;
/** A half of a surrogate pair: such a string has no UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Returns whether `text` can stand on one line of a document as it is. */
export function isPlainText(text: string): boolean {
  return !CONTROL.test(text) && !LONE_SURROGATE.test(text);
}

/**
 * Returns the text with every character that {@link isPlainText} refuses written as `\u` and four digits: one
 * line that cannot control a terminal. For messages only; a value that would need it is refused instead.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Refuses a key that does not match `[a-z0-9][a-z0-9_.-]*`. @throws EvidenceError `bad-key` */
export function assertKey(key: string, place: EvidencePlace = {}): void {
  if (!KEY.test(key)) {
    throw new EvidenceError(
      'bad-key',
      `key ${JSON.stringify(key)}: expected ${KEY.source.slice(1, -1)}`,
      place,
    );
  }
}

/** Refuses a value that would not stay on its line as it is. @throws EvidenceError `bad-value` */
export function assertValue(key: string, value: string, place: EvidencePlace = {}): void {
  if (!isPlainText(value)) {
    throw new EvidenceError(
      'bad-value',
      `${key}: expected one line without control characters, found ${JSON.stringify(value)}`,
      { ...place, key },
      { fix: 'use a value, or a path, without line breaks, tabs and escapes' },
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
      `expected a title: one line without '=' that does not start with '[', found ${JSON.stringify(title)}`,
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
