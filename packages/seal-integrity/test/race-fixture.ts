// SPDX-License-Identifier: Apache-2.0
/** A project beside which lies what an attacker puts in its place, and what may be neither read nor written. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { formatManifest, type SealManifest } from '../src/index.js';
import { MANIFEST } from './manifest.js';
import { HASHES, LOCK, REPORT } from './project.js';

/** Contents by path. */
export type Files = Readonly<Record<string, string>>;

/** Writes a manifest that differs in some values from that of {@link PROJECT}. */
export const manifestWith = (other: Partial<SealManifest> = {}) => formatManifest({ ...MANIFEST, ...other });

/** The files of the project where nobody changes it. */
export const PROJECT: Files = {
  LICENSE: 'MIT\n',
  'README.md': 'Demo\n',
  'd/f': 'the first f\n',
  'd/g': 'the first g\n',
  'latticra.seal': manifestWith(),
};

/** The text that stands in everything outside. */
const OUTSIDE = 'OUTSIDE';
/** The files outside: a file, a folder like one of the project's, and another project's evidence and manifest. */
const OUTSIDE_FILES: Files = {
  secret: `${OUTSIDE}\n`,
  'e/f': `${OUTSIDE} f\n`,
  'e/g': `${OUTSIDE} g\n`,
  'reports/latticra-seal-cli-hashes.txt': `${createHash('sha256').update(OUTSIDE).digest('hex')}  ${OUTSIDE}\n`,
  'latticra.seal': manifestWith({ project: { ...MANIFEST.project, name: OUTSIDE } }),
};

/** Returns the text of a project's hash list, made without the code under test. */
export function hashListOf(files: Files): string {
  return Object.entries(files)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([path, content]) => `${sha256(content)}  ${path}\n`)
    .join('');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The texts and digests by which what lies outside is known. */
const TRACES = [OUTSIDE, ...Object.values(OUTSIDE_FILES).map(sha256)];

/** The folders of one test: the project, what lies beside it, and what lies outside. */
export class RaceFixture {
  readonly #base: string;
  /** Folders that evidence may be written to, held, as an attack may move them. */
  readonly #sites: { readonly folder: string; readonly fd: number; readonly names: readonly string[] }[] = [];

  constructor(base: string) {
    this.#base = base;
    this.write('project', PROJECT);
    this.write('outside', OUTSIDE_FILES);
    mkdirSync(this.beside(''));
    mkdirSync(this.at('reports'), { mode: 0o755 });
    this.#hold(this.at(''), [LOCK]);
    this.addReports(this.at('reports'));
  }

  get root(): string {
    return join(this.#base, 'project');
  }
  /** Returns a path in the project. */
  at(name: string): string {
    return join(this.#base, 'project', name);
  }
  /** Returns a path beside it, of what is the attacker's. */
  beside(name: string): string {
    return join(this.#base, 'beside', name);
  }
  /** Returns a path of {@link OUTSIDE_FILES}. */
  outside(name: string): string {
    return join(this.#base, 'outside', name);
  }

  /** Writes files below a folder of the fixture. */
  write(folder: 'project' | 'beside' | 'outside' | `beside/${string}`, files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.#base, folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  /** Adds another folder that may be `reports/`. */
  addReports(path: string): void {
    this.#hold(
      path,
      [HASHES, REPORT].map((name) => name.slice('reports/'.length)),
    );
  }

  /** Adds another folder that may be the root, with a `reports/` of its own. */
  addRoot(path: string): void {
    mkdirSync(join(path, 'reports'), { mode: 0o755 });
    this.#hold(path, [LOCK]);
    this.addReports(join(path, 'reports'));
  }

  #hold(path: string, names: readonly string[]): void {
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    this.#sites.push({ folder: `/proc/self/fd/${fd}`, fd, names });
  }

  /** Removes the evidence of earlier rounds, wherever it is. */
  clear(names: readonly string[]): void {
    for (const site of this.#sites) {
      for (const name of site.names) {
        if (names.some((path) => path.endsWith(name)))
          rmSync(join(site.folder, name), { recursive: true, force: true });
      }
    }
  }

  /** Removes the temporaries that an attack kept from being removed. */
  clearTemporaries(): void {
    for (const { folder } of this.#sites)
      for (const name of temporariesIn(folder)) rmSync(join(folder, name), { force: true });
  }

  remove(path: string): void {
    rmSync(path, { recursive: true, force: true });
  }

  /** Lets everybody write there. */
  open(path: string): void {
    chmodSync(path, 0o777);
  }

  /** Reads the artifacts of this path in all the places that it can be in: regular files of one name. */
  artifacts(path: string): string[] {
    return this.#sites.flatMap(({ folder, names }) =>
      names.filter((name) => path.endsWith(name)).flatMap((name) => readPlain(join(folder, name))),
    );
  }

  /** Returns what of the outside has come into evidence. */
  traces(): string[] {
    const texts = [HASHES, REPORT, LOCK].flatMap((path) => this.artifacts(path));
    return TRACES.filter((trace) => texts.some((text) => text.includes(trace)));
  }

  /** Lists the temporaries that were left somewhere. */
  leftovers(): string[] {
    return this.#sites.flatMap(({ folder }) => temporariesIn(folder));
  }

  /** Returns names, contents and times of all that lies outside. */
  look(): unknown[] {
    return lookAtAll(this.outside(''));
  }

  close(): void {
    for (const { fd } of this.#sites) closeSync(fd);
    rmSync(this.#base, { recursive: true, force: true });
  }
}

const temporariesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

/** Reads a regular file of one name, or nothing: anything else there is the attacker's. */
function readPlain(path: string): string[] {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  try {
    const stats = fstatSync(fd);
    return stats.isFile() && stats.nlink === 1 ? [readFileSync(fd, 'utf8')] : [];
  } finally {
    closeSync(fd);
  }
}

function lookAtAll(folder: string): unknown[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const stats = lstatSync(path);
      const content = stats.isDirectory() ? lookAtAll(path) : readFileSync(path, 'utf8');
      return [name, stats.mtimeMs, content];
    });
}

/** Puts a link there, at once, unless there is one. */
export function putLink(to: string, path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) return;
  rmSync(`${path}.new`, { force: true });
  symlinkSync(to, `${path}.new`);
  renameSync(`${path}.new`, path);
}

/** Puts a file there, at once. */
export function putFile(content: string, path: string, fresh = `${path}.new`): void {
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}
