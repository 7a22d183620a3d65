// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';

/** A file that something else writes, and how long it may become, in bytes. */
export interface BoundedFile {
  readonly path: string;
  readonly maxBytes: number;
}

/** How often the files are looked at. */
const INTERVAL_MS = 50;

/** Calls `onFlood` once when a file has outgrown its bound. Returns what ends the watch. */
export function watchSizes(files: readonly BoundedFile[], onFlood: (file: BoundedFile) => void): () => void {
  const timer = setInterval(() => {
    const flooded = files.find(
      ({ path, maxBytes }) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes,
    );
    if (flooded === undefined) return;
    clearInterval(timer);
    onFlood(flooded);
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}
