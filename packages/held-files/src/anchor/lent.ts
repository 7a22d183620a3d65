// SPDX-License-Identifier: Apache-2.0
import type { BigIntStats } from 'node:fs';
import { HeldFileError } from '../error.js';
import { isSameFile } from '../identity.js';
import { changed } from './attempt.js';
import { type Name, safeName } from './name.js';
import type { AnchoredFile, Identity, Listing, ReadableFolder } from './types.js';

/** Files that a folder has by paths below it, with `/` between names, and that lie elsewhere; each with the way to hold it. */
export type LentFiles = ReadonlyMap<string, () => AnchoredFile>;

/**
 * Returns a folder as it is when files that lie elsewhere are put to their paths in it. Nothing is copied, and nothing may lie at such a
 * path already. A folder that has none but such files need not be there.
 * @param folder is closed with what is returned
 * @throws HeldFileError `unsafe-name` for a path with anything but names
 */
export function lendFiles(folder: ReadableFolder, files: LentFiles): ReadableFolder {
  for (const path of files.keys()) for (const name of path.split('/')) safeName(name);
  return new LendingFolder(folder, folder, files);
}

class LendingFolder implements ReadableFolder {
  readonly path: string;
  readonly stats: BigIntStats;
  /** Undefined for a folder that none but lent files make. */
  readonly #own: ReadableFolder | undefined;
  readonly #files: LentFiles;
  /** The first names of the lent paths: of those that are files here, and of those that are folders. */
  readonly #lent = new Map<string, 'file' | 'folder'>();

  constructor(
    shown: Pick<ReadableFolder, 'path' | 'stats'>,
    own: ReadableFolder | undefined,
    files: LentFiles,
  ) {
    this.path = shown.path;
    this.stats = shown.stats;
    this.#own = own;
    this.#files = files;
    for (const path of files.keys()) {
      const [name = '', ...rest] = path.split('/');
      this.#lent.set(name, rest.length === 0 ? 'file' : 'folder');
    }
  }

  list(): Pick<Listing, 'names' | 'count'> {
    const own = [...(this.#own?.list().names ?? [])];
    const there = new Set(own.map(String));
    for (const [name, kind] of this.#lent) {
      if (!there.has(name)) own.push(name);
      else if (kind === 'file') throw this.#taken(name);
    }
    own.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return { names: own, count: own.length };
  }

  lstat(name: Name): BigIntStats | undefined {
    const own = this.#own?.lstat(name);
    const kind = this.#lent.get(String(name));
    if (kind === undefined || (own !== undefined && kind === 'folder')) return own;
    if (own !== undefined) throw this.#taken(String(name));
    if (kind === 'folder') return this.stats;
    const file = this.openFile(name);
    file.close();
    return file.stats;
  }

  openFolder(name: Name, observed?: Identity): ReadableFolder {
    const text = String(name);
    if (this.#lent.get(text) !== 'folder') return this.#require(name).openFolder(name, observed);
    const below = new Map(
      [...this.#files].flatMap(([path, open]) =>
        path.startsWith(`${text}/`) ? [[path.slice(text.length + 1), open] as const] : [],
      ),
    );
    const own = this.#own?.lstat(name) === undefined ? undefined : this.#own.openFolder(name, observed);
    return new LendingFolder(own ?? { path: this.#at(text), stats: this.stats }, own, below);
  }

  openFile(name: Name, observed?: Identity): AnchoredFile {
    const open = this.#files.get(String(name));
    if (open === undefined) return this.#require(name).openFile(name, observed);
    const file = open();
    if (observed === undefined || isSameFile(file.stats, observed)) return file;
    file.close();
    throw changed(file.path, 'was replaced after it had been looked at');
  }

  close(): void {
    this.#own?.close();
  }

  #require(name: Name): ReadableFolder {
    if (this.#own !== undefined) return this.#own;
    throw new HeldFileError('not-found', this.#at(String(name)), 'no such file or folder');
  }

  #taken(name: string): HeldFileError {
    return new HeldFileError('exists', this.#at(name), 'lies here, and is to lie elsewhere', {
      fix: 'take it away, or get the folder again',
    });
  }

  #at(name: string): string {
    return this.path === '.' ? name : `${this.path}/${name}`;
  }
}
