// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { HashEntry } from './entry.js';

/** The number of lines in a piece. */
const LINES = 1024;

/**
 * Writes the bytes of a hash list, in pieces: `<hex>  <path>` a line, as `sha256sum` writes them.
 * @param entries in the order of `comparePaths`, with paths in which `pathProblem` finds nothing
 */
export function* formatHashList(entries: readonly HashEntry[]): Generator<Buffer> {
  for (let from = 0; from < entries.length; from += LINES) {
    let text = '';
    for (const { sha256, path } of entries.slice(from, from + LINES)) text += `${sha256}  ${path}\n`;
    yield Buffer.from(text);
  }
}

/** Returns one digest for all the files: the SHA-256, in hex, of the hash list's bytes. */
export function rootDigest(entries: readonly HashEntry[]): string {
  const hash = createHash('sha256');
  for (const bytes of formatHashList(entries)) hash.update(bytes);
  return hash.digest('hex');
}
