// SPDX-License-Identifier: Apache-2.0
/** Things that can stand where a file should be. */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';

/** Puts something at `path`; what it points to is `target`, a file beside the project. */
export type Put = (path: string, target: string) => void | Promise<void>;

/** An unexpected file: what it is, how to put it there, and the programs that this takes. */
export type UnexpectedFile = readonly [what: string, put: Put, tools?: readonly string[]];

export const UNEXPECTED_FILES: readonly UnexpectedFile[] = [
  ['a symbolic link', (path, target) => symlinkSync(target, path)],
  ['a dangling link', (path) => symlinkSync('nowhere', path)],
  ['a hard link', (path, target) => linkSync(target, path)],
  ['a folder', (path) => mkdirSync(path)],
  ['a FIFO', (path) => void execFileSync('mkfifo', [path]), ['mkfifo']],
  ['a socket', putSocket],
];

/** Declares a test for each of them, `%s` in its title; without its tools one is skipped by their names. */
export function itWithUnexpectedFiles(title: string, test: (put: Put) => Promise<void>): void {
  for (const [what, put, needed = []] of UNEXPECTED_FILES) {
    itWith(needed, title.replace('%s', what), () => test(put));
  }
}

async function putSocket(path: string): Promise<void> {
  const server = createServer();
  // Closing the server removes the name it was given, and no other; the name has to be short.
  const first = join(dirname(path), 's');
  await new Promise<void>((resolve) => server.listen(first, resolve));
  renameSync(first, path);
  await new Promise((resolve) => server.close(resolve));
}

/** Writes a file to point to, so that its content shows whether anything was written through. */
export function layTarget(path: string, content = 'target'): string {
  writeFileSync(path, content);
  return path;
}

/** Expects that nothing was written through to the target. */
export function expectTarget(path: string, content = 'target'): void {
  expect(readFileSync(path, 'utf8')).toBe(content);
}
