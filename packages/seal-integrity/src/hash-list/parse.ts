// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import { isSha256Hex } from '@latticra/evidence-format';
import { SealError } from '../error.js';
import { comparePaths, MAX_PATH_BYTES, pathProblem } from '../path.js';
import type { HashEntry } from './entry.js';

/** The largest hash list, in bytes: some five million files, and far below what one Buffer holds. */
export const MAX_HASH_LIST_BYTES = 512 << 20;

const HEX = 64;
const LF = 10;

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
  for (let start = 0, line = 1; start < buffer.length; line++) {
    const end = buffer.indexOf(LF, start);
    const entry = parseLine(buffer, start, end, line);
    if (line > 1 && comparePaths(previous, entry.path) >= 0) {
      const what = previous === entry.path ? 'stands twice' : `stands behind ${previous}`;
      throw listError(`${entry.path} ${what}, expected strict byte order of the paths`, line);
    }
    previous = entry.path;
    entries.push(entry);
    start = end + 1;
  }
  return entries;
}

function parseLine(buffer: Buffer, start: number, end: number, line: number): HashEntry {
  if (end - start > HEX + 2 + MAX_PATH_BYTES) throw listError(`${end - start} bytes, too long`, line);
  const text = buffer.toString('utf8', start, end);
  const sha256 = text.slice(0, HEX);
  const path = text.slice(HEX + 2);
  if (!isSha256Hex(sha256) || text.slice(HEX, HEX + 2) !== '  ') {
    throw listError(
      `expected 64 lower-case hexadecimal digits, two spaces and a path, found ${JSON.stringify(text.slice(0, 100))}`,
      line,
    );
  }
  const problem = pathProblem(path);
  if (problem !== undefined) throw listError(`the path ${JSON.stringify(path)} ${problem}`, line);
  return { path, sha256 };
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
