// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import setUp from './in-memory.js';

let folder: string;
let memory: string;
let proc: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-in-memory-'));
  memory = join(folder, 'shm');
  proc = join(folder, 'proc');
  for (const path of [memory, proc, join(proc, String(process.pid))]) mkdirSync(path);
  machine('rw,relatime', 5 * 1024 ** 2);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Describes the machine: how the file system in memory is mounted, and the memory that is free, in KiB. */
function machine(options: string, free: number, type = 'tmpfs') {
  writeFileSync(join(proc, 'mounts'), `/dev/vda / ext4 rw 0 0\n${type} ${memory} ${type} ${options} 0 0\n`);
  writeFileSync(
    join(proc, 'meminfo'),
    `MemTotal: ${free * 2} kB\nMemFree: 1 kB\nMemAvailable:   ${free} kB\n`,
  );
}

/** Sets up, and returns where temporary files lie then. */
function temporary(chosen?: string) {
  vi.stubEnv('TMPDIR', chosen);
  const tearDown = setUp(undefined, { memory, proc });
  return { found: process.env.TMPDIR, tearDown };
}

it('a run has a folder of its own in memory, which is gone with all in it when the run is over', () => {
  const { found = expect.fail(), tearDown } = temporary();
  expect([join(found, '..'), existsSync(found)]).toEqual([memory, true]);
  // Another project of the same run.
  setUp(undefined, { memory, proc })();
  expect(process.env.TMPDIR).toBe(found);
  writeFileSync(join(found, 'left'), '');
  tearDown();
  expect([readdirSync(memory), process.env.TMPDIR]).toEqual([[], undefined]);
});

it('a folder that somebody chose is left to them', () => {
  const { found, tearDown } = temporary('/somewhere');
  tearDown();
  expect([found, process.env.TMPDIR, readdirSync(memory)]).toEqual(['/somewhere', '/somewhere', []]);
});

it.each([
  ['there is little memory', () => machine('rw', 3 * 1024 ** 2)],
  ['it runs no programs', () => machine('rw,nosuid,noexec', 5 * 1024 ** 2)],
  ['it has no devices', () => machine('rw,nodev', 5 * 1024 ** 2)],
  ['it is read-only', () => machine('ro', 5 * 1024 ** 2)],
  ['it is on a disk', () => machine('rw', 5 * 1024 ** 2, 'ext4')],
  ['the system is another', () => rmSync(proc, { recursive: true })],
])('temporary files lie where they always do where %s', (_, make) => {
  make();
  expect(temporary().found).toBeUndefined();
});

it('what a run left that was killed is removed, and what belongs to one that goes on, or to others, is not', () => {
  for (const name of ['latticra-tests-99999999-abc', `latticra-tests-${process.pid}-abc`, 'of-others'])
    mkdirSync(join(memory, name));
  const { found = expect.fail(), tearDown } = temporary();
  expect(readdirSync(memory)).not.toContain('latticra-tests-99999999-abc');
  tearDown();
  expect(existsSync(found)).toBe(false);
  expect(readdirSync(memory).sort()).toEqual([`latticra-tests-${process.pid}-abc`, 'of-others']);
});
