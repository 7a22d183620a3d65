// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { itWith } from '../../../tools/testing/tools.js';
import { testFolder } from '../test/folder.js';
import { testScript } from '../test/process.js';
import { measureFile } from './measure.js';

const folder = testFolder();
const script = testScript();

itWith(['sha256sum'], 'measureFile agrees with sha256sum, whatever the name', async () => {
  const path = folder.at("a b'$é,:");
  writeFileSync(path, Buffer.alloc(100_001, 'some text'));
  const printed = execFileSync('sha256sum', [path], { encoding: 'utf8' });
  expect(printed.split(' ')[0]).toBe((await measureFile(path)).sha256);
});

describe('a system call that fails while measuring', () => {
  const FAULTS: [string, string, string][] = [
    ['opening', 'openat:error=EMFILE:when=1', 'io io: too many open files (EMFILE)'],
    ['a bad sector', 'pread64:error=EIO:when=2', 'io io: input/output error (EIO)'],
    ['a server that forgot the file', 'pread64:error=ESTALE:when=1', 'io io: stale file handle (ESTALE)'],
    ['the first look', 'statx:error=EACCES:when=1', 'unreadable input-missing: permission denied (EACCES)'],
    ['the look when it is open', 'statx:error=EIO:when=2', 'io io: input/output error (EIO)'],
    ['the last look', 'statx:error=EIO:when=3', 'io io: input/output error (EIO)'],
  ];
  for (const [fault, injection, outcome] of FAULTS) {
    itWith(['strace'], `measureFile gives the reason when a system call fails: ${fault}`, () => {
      const path = folder.at('a');
      writeFileSync(path, Buffer.alloc(3 << 20));
      const [kinds, reason] = outcome.split(': ');
      const { stdout } = script.runWithFault(injection, 'measure', path, { only: true });
      expect(stdout).toBe(`${kinds}: ${path}: ${reason}\n`);
    });
  }
});
