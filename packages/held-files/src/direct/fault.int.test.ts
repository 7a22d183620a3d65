// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { testFolder } from '../../test/folder.js';
import { testScript } from '../../test/process.js';

const folder = testFolder();
const script = testScript();
/** So large that its copy goes past the page cache, and no multiple of what is written at once. */
const LARGE = randomBytes((33 << 20) + 5);
beforeEach(() => writeFileSync(folder.at('bundle.large'), LARGE));

/** Copies the large file into a folder that is to appear whole, with a fault, and returns what was said. */
const copyWith = (fault: string) =>
  script.runWithFault(fault, 'stage-copy', folder.at('bundle')).stdout.trim();
const isCopied = () =>
  readdirSync(folder.path).includes('bundle') &&
  Buffer.compare(readFileSync(folder.at('bundle/a')), LARGE) === 0;

describe('a copy past the page cache, with faults', () => {
  const TOLD: [string, string, string][] = [
    ['the disk is full at the first write', 'pwrite64:error=ENOSPC:when=1', 'io io: '],
    ['the disk is full in the middle', 'pwrite64:error=ENOSPC:when=20', 'io io: '],
    ['a write fails at the end', 'pwrite64:error=EIO:when=34', 'io io: '],
    ['the length cannot be set', 'ftruncate:error=EIO:when=1', 'io io: '],
    ['it cannot be synced', 'fsync:error=EIO:when=1', 'io io: '],
  ];
  for (const [step, fault, told] of TOLD) {
    itWith(['strace'], `a copy tells that ${step}, and no folder appears`, () => {
      expect(copyWith(fault)).toContain(told);
      expect(readdirSync(folder.path)).toEqual(['bundle.large']);
    });
  }

  for (const [step, fault] of [
    ['the first direct write is refused', 'pwrite64:error=EINVAL:when=1'],
    ['a write in the middle is refused', 'pwrite64:error=EINVAL:when=12'],
  ] as const) {
    itWith(['strace'], `a copy has the same bytes where ${step}`, () => {
      expect(copyWith(fault)).toBe('done');
      expect(isCopied()).toBe(true);
    });
  }

  for (const when of [1, 17, 34]) {
    itWith(['strace'], `a process killed at write ${when} of a copy leaves no folder of that name`, () => {
      expect(copyWith(`pwrite64:signal=SIGKILL:when=${when}`)).toBe('');
      expect(readdirSync(folder.path)).not.toContain('bundle');
    });
  }
});
