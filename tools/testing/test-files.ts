// SPDX-License-Identifier: Apache-2.0
/** The test files of the workspace by what they may share a process with, and the projects of vitest that they make. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProjectConfiguration } from 'vitest/config';
import { filesBelow } from './files-below.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What others in a process see changed: a module, a method, the folder, the environment or the clock. */
const CHANGES_OTHERS =
  /\bvi\.(mock|doMock|spyOn|stub\w+|useFakeTimers|setSystemTime)\b|\bmock\.|\bprocess\.(chdir|umask|env\.\w+ =(?!=)|env\[|on\()|\bassign\(process\.env/;
/** What shows others: a count of what a process has open, which those who play races look at as well. */
const SEES_OTHERS = /\/proc\/self\/fd|\/race\.js'/;

const tests = ['packages', 'apps', 'tools']
  .flatMap((folder) => filesBelow(ROOT, folder))
  .filter((file) => file.endsWith('.test.ts'));
const programs = tests.filter((file) => file.endsWith('.int.test.ts'));
const units = tests.filter((file) => !programs.includes(file));
const apart = new Set(
  tests.filter((file) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    return CHANGES_OTHERS.test(source) || SEES_OTHERS.test(source);
  }),
);
const isApart = (file: string) => apart.has(file);
const isTogether = (file: string) => !apart.has(file);

/**
 * The tests that run no programs: many files in one process, which takes half the time of a process for each. A file that
 * changes what others see (a module, a method, the folder or the clock of the process), or sees what they leave open, has
 * one of its own.
 */
export const UNIT_PROJECTS: TestProjectConfiguration[] = [
  { extends: true, test: { name: 'together', include: units.filter(isTogether), isolate: false } },
  { extends: true, test: { name: 'apart', include: units.filter(isApart) } },
];

/**
 * What needs a disk, whatever `in-memory.ts` finds: mkfs.erofs looks for holes and extents, xorriso takes a path below `/dev` for a drive, and
 * what tar makes of a tree depends on the order in which a folder is listed.
 */
const ON_DISK = [
  'apps/os-image-build/src/system.int.test.ts',
  'packages/disk-image/src/erofs/erofs.int.test.ts',
  'packages/disk-image/src/iso9660/iso9660.int.test.ts',
  'packages/manifest/src/input-bundle/rootfs.int.test.ts',
];

const inMemory = programs.filter((file) => !ON_DISK.includes(file));

/** The tests that run programs, in the same way: what they try is in processes of its own anyway. */
export const PROGRAM_PROJECTS: TestProjectConfiguration[] = [
  { extends: true, test: { name: 'programs', include: inMemory.filter(isTogether), isolate: false } },
  { extends: true, test: { name: 'programs apart', include: inMemory.filter(isApart) } },
  { extends: true, test: { name: 'on disk', include: ON_DISK, env: { TMPDIR: tmpdir() } } },
];
