// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { SealError } from '../error.js';
import { comparePaths, MAX_PATH_BYTES, pathProblem } from '../path.js';
import type { HashEntry } from './entry.js';

/** The largest hash list, in bytes: some five million files, and far below what one Buffer holds. */
export const MAX_HASH_LIST_BYTES = 512 << 20;

const HEX = 64;
const LF = 10;

/** What goes before the path on a line. */
const HEAD = /^[0-9a-f]{64} {2}/;

/** The bytes that are made text at a time: to ask for each line by itself takes as long again. */
const PIECE_BYTES = 1 << 16;
const MAX_LINE_BYTES = HEX + 2 + MAX_PATH_BYTES;

/**
 * Reads a hash list or lockfile: at least one line, each `<hex>  <path>` and LF, in strict byte order of the
 * paths. What it accepts is exactly what `formatHashList` writes.
 *
 * @throws SealError `list` with the line
 */
export function parseHashList(bytes: Uint8Array): HashEntry[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  assertText(buffer);
  const entries: HashEntry[] = [];
  let previous = '';
  for (const text of linesOf(buffer)) {
    const line = entries.length + 1;
    const entry = parseLine(text, line);
    if (line > 1 && comparePaths(previous, entry.path) >= 0) {
      const what = previous === entry.path ? 'stands twice' : `stands behind ${previous}`;
      throw listError(`${entry.path} ${what}, expected strict byte order of the paths`, line);
    }
    previous = entry.path;
    entries.push(entry);
  }
  return entries;
}

/** Yields the lines of a text that ends in LF, one piece of whole lines after the other. */
function* linesOf(buffer: Buffer): Generator<string, void> {
  for (let start = 0; start < buffer.length; ) {
    const last = buffer.lastIndexOf(LF, start + PIECE_BYTES);
    const end = last < start ? buffer.indexOf(LF, start) : last;
    yield* buffer.toString('utf8', start, end).split('\n');
    start = end + 1;
  }
}

function parseLine(text: string, line: number): HashEntry {
  // A code unit is at most three bytes.
  const bytes = text.length * 3 > MAX_LINE_BYTES ? Buffer.byteLength(text) : 0;
  if (bytes > MAX_LINE_BYTES) throw listError(`${bytes} bytes, too long`, line);
  if (!HEAD.test(text)) {
    throw listError(
      `expected 64 lower-case hexadecimal digits, two spaces and a path, found ${JSON.stringify(text.slice(0, 100))}`,
      line,
    );
  }
  const path = text.slice(HEX + 2);
  const problem = pathProblem(path);
  if (problem !== undefined) throw listError(`the path ${JSON.stringify(path)} ${problem}`, line);
  return { path, sha256: text.slice(0, HEX) };
}

function assertText(buffer: Buffer): void {
  if (buffer.length === 0) throw listError('empty, expected at least one line');
  if (buffer.length > MAX_HASH_LIST_BYTES)
    throw listError(`${buffer.length} bytes, expected at most ${MAX_HASH_LIST_BYTES}`);
  const lineOf = (at: number) => buffer.toString('latin1', 0, at).split('\n').length;
  for (const [byte, what] of [
    [0, 'NUL byte'],
    [13, 'carriage return'],
  ] as const) {
    const at = buffer.indexOf(byte);
    if (at >= 0) throw listError(`${what}, expected none`, lineOf(at));
  }
  if (buffer[buffer.length - 1] !== LF) throw listError('the last line does not end in LF');
  if (!isUtf8(buffer)) throw listError('expected UTF-8');
}

function listError(message: string, line?: number): SealError {
  return new SealError('list', line === undefined ? message : `line ${line}: ${message}`);
}
