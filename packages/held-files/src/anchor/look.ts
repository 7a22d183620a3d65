// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, lstatSync } from 'node:fs';

/**
 * How many looks are taken at a name that others give to one new file after another. From `QUICK_LOOKS` on
 * time passes between two looks: whoever replaces the file may have been stopped in the middle of it.
 */
const MAX_LOOKS = 150;
const QUICK_LOOKS = 100;
const PAUSE_MS = 1;
/** Memory to wait on for a time: nobody notifies it. */
const BELL = new Int32Array(new SharedArrayBuffer(4));

const OPTIONS = { bigint: true, throwIfNoEntry: false } as const;

/** Returns what is at a path now, itself if it is a symbolic link; undefined when nothing is. @internal */
export function lookAt(path: string): BigIntStats | undefined {
  for (let looks = 1; ; looks += 1) {
    const stats = lstatSync(path, OPTIONS);
    // It was replaced or removed between finding its name and looking at it: by now the name means another.
    if (stats?.nlink !== 0n || looks === MAX_LOOKS) return stats;
    if (looks >= QUICK_LOOKS) Atomics.wait(BELL, 0, 0, PAUSE_MS);
  }
}
