// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from 'node:fs';
import { readFailure } from '@latticra/held-files';
import { readSerial, type SerialText } from '../serial.js';

/** A file that another program writes, and its size limit, in bytes. */
export interface BoundedFile {
  readonly path: string;
  readonly maxBytes: number;
}

/** The time between two looks at the files. */
const INTERVAL_MS = 50;

/** Runs a look at a file. @throws HeldFileError `unreadable`, `io` */
function looking<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw readFailure(path, error);
  }
}

const sizeOf = (path: string) => looking(path, () => statSync(path, { throwIfNoEntry: false })?.size ?? 0);

/** Calls `look` again and again until it returns true or throws. Returns a function that ends this earlier. */
function untilTrue(look: () => boolean, onError: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    try {
      if (!look()) return;
    } catch (error) {
      onError(error);
    }
    clearInterval(timer);
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}

/** Finds the first file that has outgrown its limit. */
export function findFlood(files: readonly BoundedFile[]): BoundedFile | undefined {
  return files.find(({ path, maxBytes }) => sizeOf(path) > maxBytes);
}

/** Calls `onFlood` once when a file has outgrown its limit. Returns a function that ends the watch. */
export function watchSizes(
  files: readonly BoundedFile[],
  onFlood: (file: BoundedFile) => void,
  onError: (error: unknown) => void,
): () => void {
  return untilTrue(() => {
    const flooded = findFlood(files);
    if (flooded !== undefined) onFlood(flooded);
    return flooded !== undefined;
  }, onError);
}

/**
 * Reads a serial log whenever it has grown, until `look` returns true. Returns a function that ends the watch.
 * @param look is given all that the log shows, and how many of its lines it was given before
 */
export function watchSerial(
  path: string,
  look: (log: SerialText, seen: number) => boolean,
  onError: (error: unknown) => void,
): () => void {
  let size = 0;
  let seen = 0;
  return untilTrue(() => {
    const grown = sizeOf(path);
    if (grown === size) return false;
    size = grown;
    // From the start, for an escape sequence may reach over any number of pieces. What is a line stays one.
    const log = readSerial(looking(path, () => readFileSync(path)));
    const isDone = look(log, seen);
    seen = log.lines.length;
    return isDone;
  }, onError);
}
