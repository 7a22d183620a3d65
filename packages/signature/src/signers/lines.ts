// SPDX-License-Identifier: Apache-2.0
import { isPlainText, quoteText } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import { SignatureError, type SignatureErrorCode } from '../error.js';

/** The largest list of keys, in bytes: some thousand of the longest. */
export const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** How a list of keys is read. */
export interface ListOptions<T> {
  readonly code: SignatureErrorCode;
  /** What the list is, for messages. */
  readonly what: string;
  /** Reads a line that says something; what it throws is told with the line's number. */
  readonly read: (text: string, line: number) => T;
}

/**
 * Reads a list that has an entry a line, but for empty lines and those that begin with `#`. Blanks and tabs before an entry
 * are passed over. One line that cannot be read refuses the list: what it was to say would be missing.
 * @throws SignatureError `code`, with the line's number
 */
export function readList<T>(bytes: Uint8Array, { code, what, read }: ListOptions<T>): T[] {
  const fail = (reason: string, cause?: unknown) => {
    const fix =
      cause instanceof Failure && cause.fix !== undefined ? cause.fix : 'correct the line, or take it out';
    return new SignatureError(code, `${what}: ${reason}`, { fix, cause });
  };
  if (bytes.length > MAX_LIST_BYTES) {
    throw fail(`${bytes.length} bytes, expected at most ${MAX_LIST_BYTES}`);
  }
  const text = Buffer.from(bytes).toString('utf8');
  if (!Buffer.from(text).equals(bytes)) throw fail('expected UTF-8');
  return text.split('\n').flatMap((raw, index) => {
    const entry = raw.replace(/\r$/, '').replace(/^[ \t]+/, '');
    if (entry === '') return [];
    const line = index + 1;
    // Also in a comment: what it hides might be the end of one, for another reader.
    if (!isPlainText(entry.replaceAll('\t', ' '))) {
      throw fail(`line ${line}: control or invisible characters in ${quoteText(entry)}`);
    }
    if (entry.startsWith('#')) return [];
    try {
      return [read(entry, line)];
    } catch (cause) {
      if (!(cause instanceof SignatureError)) throw cause;
      throw fail(`line ${line}: ${cause.message}`, cause);
    }
  });
}
