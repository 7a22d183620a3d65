// SPDX-License-Identifier: Apache-2.0
import {
  appendFileSync,
  chmodSync,
  closeSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

/** What others can do to a file of more than one byte while it is read: what it then was, and how. */
export const FILE_CHANGES: readonly (readonly [what: string, change: (path: string) => void])[] = [
  ['appended to', (path) => appendFileSync(path, 'x')],
  ['cut short', (path) => truncateSync(path, statSync(path).size >> 1)],
  ['emptied', (path) => truncateSync(path, 0)],
  ['rewritten at the same size, its time put back', rewrite],
  ['replaced', replace],
  ['removed', (path) => rmSync(path)],
  ['moved', (path) => renameSync(path, `${path}.moved`)],
  ['given another name', (path) => linkSync(path, `${path}.link`)],
  ['made private', (path) => chmodSync(path, 0o600)],
];

function rewrite(path: string): void {
  const fd = openSync(path, 'r+');
  writeSync(fd, 'y', 0);
  closeSync(fd);
  utimesSync(path, 1, 1);
}

/** Replaces the file by one of the same length. */
function replace(path: string): void {
  writeFileSync(`${path}.new`, 'y'.repeat(statSync(path).size));
  renameSync(`${path}.new`, path);
}

/** Lets the clock that stamps files move on, where it goes in ticks: what is done next has another time. */
export function settle(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
