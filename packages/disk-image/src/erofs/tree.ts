// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { assertEntry } from './assert-entry.js';
import { type ErofsEntry, type ErofsMetadata, showName, TYPES } from './entry.js';
import { InodeTable } from './inodes.js';
import { NameTable } from './names.js';

/** What stands where nothing was said: a folder that only the names in it tell of. */
const IMPLIED: ErofsMetadata = {
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtime: { seconds: 0, nanoseconds: 0 },
  size: 0,
  xattrs: new Map(),
};

const ROOT = 0;

/**
 * A tree that is to be written, grown entry by entry: some hundred bytes for each and those of its name, whatever its
 * content. The content of files is written in the order in which they are added.
 */
export class ErofsTree {
  readonly inodes = new InodeTable();
  readonly names = new NameTable();
  /** The folder that was entered last: its path with a slash behind it, and its inode. It stays one. */
  #entered: { readonly path: string; readonly inode: number } = { path: '', inode: ROOT };

  /** Begins with a root folder of mode 755 that belongs to root, and has the time of the file system, until it is said. */
  constructor() {
    this.inodes.addFolder(IMPLIED, ROOT, false);
  }

  /**
   * Adds an entry. Folders on the way that were not said are made; a folder that is said twice is what it was said last.
   * @throws ImageError `bad-name` for a path that cannot be written, is given twice or leads through what is no folder,
   *   and for a name of an attribute; `not-found` for a hard link to nothing; `too-large` for what has no room in its
   *   field; `corrupt` for an ACL in another form
   */
  add(entry: ErofsEntry): void {
    try {
      this.#add(entry);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      throw new ImageError(error.code, `${showName(entry.path)} ${error.message}`, { cause: error });
    }
  }

  /** Finds the inode at a path; undefined where nothing is. */
  find(path: string): number | undefined {
    let at: number | undefined = ROOT;
    if (path === '.') return at;
    for (let from = 0; from <= path.length && at !== undefined; ) {
      const end = endOfPart(path, from);
      at = this.inodes.isFolder(at) ? this.names.find(at, path, from, end) : undefined;
      from = end + 1;
    }
    return at;
  }

  #add(entry: ErofsEntry): void {
    assertEntry(entry);
    const { path, type } = entry;
    if (path === '.') {
      if (type !== 'folder') throw new ImageError('bad-name', 'is the root, and no folder');
      this.inodes.describe(ROOT, entry);
      return;
    }
    const from = path.lastIndexOf('/') + 1;
    // What is in one folder stands together in most archives, and the way there is gone once.
    const { path: entered, inode: last } = this.#entered;
    const folder = from === entered.length && path.startsWith(entered) ? last : this.#enter(path, from);
    const there = this.names.find(folder, path, from, path.length);
    if (there !== undefined) {
      if (type !== 'folder' || !this.inodes.isFolder(there))
        throw new ImageError('bad-name', 'is given twice');
      this.inodes.describe(there, entry);
      return;
    }
    const inode = type === 'hard-link' ? this.#linked(entry.target ?? '') : this.#make(entry, folder);
    this.names.add(folder, inode, path, from, path.length);
  }

  /** Goes down the folders of a path, up to where its last part begins, and makes those that are not there. */
  #enter(path: string, to: number): number {
    let at: number = ROOT;
    for (let from = 0; from < to; ) {
      const end = endOfPart(path, from);
      let next = this.names.find(at, path, from, end);
      if (next === undefined) {
        next = this.inodes.addFolder(IMPLIED, at, false);
        this.names.add(at, next, path, from, end);
      }
      if (!this.inodes.isFolder(next))
        throw new ImageError('bad-name', `lies below ${showName(path.slice(0, end))}, which is no folder`);
      at = next;
      from = end + 1;
    }
    this.#entered = { path: path.slice(0, to), inode: at };
    return at;
  }

  #make(entry: ErofsEntry, folder: number): number {
    if (entry.type === 'folder') return this.inodes.addFolder(entry, folder, true);
    const bits = TYPES.find(({ type }) => type === entry.type)?.bits ?? 0;
    return this.inodes.add(entry, bits, entry.target);
  }

  #linked(target: string): number {
    const inode = this.find(target);
    if (inode === undefined)
      throw new ImageError('not-found', `is a hard link to ${showName(target)}, which is not in front of it`);
    if (this.inodes.isFolder(inode))
      throw new ImageError('bad-name', `is a hard link to ${showName(target)}, which is a folder`);
    this.inodes.link(inode);
    return inode;
  }
}

function endOfPart(path: string, from: number): number {
  const end = path.indexOf('/', from);
  return end < 0 ? path.length : end;
}
