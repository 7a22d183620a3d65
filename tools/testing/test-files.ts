// SPDX-License-Identifier: Apache-2.0
/** The test files of the workspace by what they may share a process with, and the projects of vitest that they make. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProjectConfiguration } from 'vitest/config';
import { filesBelow } from './files-below.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const CHANGES_OTHERS =
  /\bvi\.(mock|doMock|spyOn|stub\w+|useFakeTimers|setSystemTime)\b|\bmock\.|\bprocess\.(chdir|umask|env\.\w+ =|on\()/;

const tests = ['packages', 'apps', 'tools']
  .flatMap((folder) => filesBelow(ROOT, folder))
  .filter((file) => file.endsWith('.test.ts'));
const programs = tests.filter((file) => file.endsWith('.int.test.ts'));
const units = tests.filter((file) => !programs.includes(file));
const apart = units.filter((file) => CHANGES_OTHERS.test(readFileSync(join(ROOT, file), 'utf8')));
const together = units.filter((file) => !apart.includes(file));

/**
 * The tests that run no programs: many files in one process, which takes half the time of a process for each. A file that
 * changes what others see (a module, a method, the folder or the clock of the process) has one of its own.
 */
export const UNIT_PROJECTS: TestProjectConfiguration[] = [
  { extends: true, test: { name: 'together', include: together, isolate: false } },
  { extends: true, test: { name: 'apart', include: apart } },
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

/** The tests that run programs: each file has a process of its own. */
export const PROGRAM_PROJECTS: TestProjectConfiguration[] = [
  { extends: true, test: { name: 'programs', include: programs.filter((file) => !ON_DISK.includes(file)) } },
  { extends: true, test: { name: 'on disk', include: ON_DISK, env: { TMPDIR: tmpdir() } } },
];
