// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isAbsent } from './absent.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'absent-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('what is not there is absent, and so is a link that leads nowhere', () => {
  symlinkSync('nowhere', join(folder, 'dangling'));
  for (const name of ['missing', 'missing/too', 'dangling'])
    expect([name, isAbsent(join(folder, name))]).toEqual([name, true]);
});

it('a file, a folder and a link to one are not absent, nor is what cannot be looked at', () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'sub'));
  symlinkSync('file', join(folder, 'link'));
  symlinkSync('loop', join(folder, 'loop'));
  for (const name of ['file', 'sub', 'link', 'loop', 'x'.repeat(300), 'nul\0'])
    expect([name, isAbsent(join(folder, name))]).toEqual([name, false]);
});
