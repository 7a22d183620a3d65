// SPDX-License-Identifier: Apache-2.0
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Anchoring } from '@latticra/held-files/anchor';
import { afterEach, beforeEach, expect } from 'vitest';
import {
  formatManifest,
  readArtifact,
  type SealCommand,
  type SealManifest,
  type SealOptions,
  type SealOutcome,
  type Streamed,
  seal,
} from '../src/index.js';
import { MANIFEST } from './manifest.js';

export const REPORT = 'reports/latticra-seal-cli-report.txt';
export const HASHES = 'reports/latticra-seal-cli-hashes.txt';
export const LOCK = 'latticra.seal.lock';

/** The ways of holding folders: what is true of one has to be true of the other. */
export const HOLDING: readonly Anchoring[] = ['procfs', 'cwd'];
/** All ways, with the one that holds nothing but makes the same checks. */
export const ANCHORINGS: readonly Anchoring[] = [...HOLDING, 'none'];

/** A project for one test, in a folder of its own beside which nothing else is. */
export interface TestProject {
  readonly path: string;
  /** Returns a path in the project; with `..` one beside it. */
  at(name: string): string;
  /** The path of a file beside it, which a test may put there. */
  readonly target: string;
  /** Writes a file, with the folders above it, and returns its path. */
  write(name: string, content: string | Uint8Array): string;
  has(name: string): boolean;
  read(name: string): string;
  /** Lists the names in a folder, in order. */
  list(name: string): string[];
  /** Writes the manifest, with some values other than usual. */
  declare(other: Partial<SealManifest>): void;
  run(command?: SealCommand, options?: Partial<SealOptions>): Promise<SealOutcome>;
  /** Returns what `report` or `hashes` prints. */
  readBack(which: Streamed): Promise<Buffer>;
}

/**
 * Makes a project with a manifest, a README, a license and one source file, for each test of the file, gone after it.
 * @param anchoring how its folders are held
 */
export function testProject(anchoring?: Anchoring): TestProject {
  let parent = '';
  const at = (name: string) => join(parent, 'project', name);
  const project: TestProject = {
    get path() {
      return at('');
    },
    at,
    get target() {
      return at('../target');
    },
    write(name, content) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
      return at(name);
    },
    has: (name) => existsSync(at(name)),
    read: (name) => readFileSync(at(name), 'utf8'),
    list: (name) => readdirSync(at(name)).sort(),
    declare: (other) => {
      project.write('latticra.seal', formatManifest({ ...MANIFEST, ...other }));
    },
    run: (command = 'check', options = {}) =>
      seal({
        command,
        root: join(parent, 'project'),
        now: () => new Date('2026-01-02T03:04:05.678Z'),
        kernel: 'Linux 6.1.0',
        os: 'linux-x64',
        signal: new AbortController().signal,
        anchoring,
        // As the command does it.
        mayChangeDirectory: true,
        ...options,
      }),
    readBack: (which) => readArtifact(which, { root: join(parent, 'project'), anchoring }),
  };
  beforeEach(() => {
    parent = realpathSync(mkdtempSync(join(tmpdir(), 'latticra-seal-')));
    project.write('README.md', 'Demo\n');
    project.write('LICENSE', 'MIT\n');
    project.write('src/main.c', 'int main(void) { return 0; }\n');
    project.declare({});
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));
  return project;
}

/** Matches a refusal of the place. */
export const unsafe = (message: string | RegExp) =>
  expect.objectContaining({ name: 'SealError', code: 'unsafe', message: expect.stringMatching(message) });

/** Returns what failed, in the run's words. */
export function failuresOf({ lines }: SealOutcome): string[] {
  return lines.filter((line) => line.startsWith('FAIL: ')).map((line) => line.slice('FAIL: '.length));
}

/** Returns options of a run during which something happens once: while its first file is read. */
export function atFirstBytes(disturb: () => void): Pick<SealOptions, 'onBytes'> {
  let isDone = false;
  return {
    onBytes: () => {
      if (isDone) return;
      isDone = true;
      disturb();
    },
  };
}
