// SPDX-License-Identifier: Apache-2.0
import { NameTable } from './names.js';
import type { ErofsTree } from './tree.js';

/** The names of each folder in the order of their bytes, `.` and `..` among them. */
export class SortedFolders {
  /** Names, those of one folder one behind the other. */
  readonly #order: Uint32Array;
  /** Where those of each folder begin, by its number among folders, and where the last ends. */
  readonly #starts: Uint32Array;
  readonly #tree: ErofsTree;

  constructor(tree: ErofsTree) {
    const { names, inodes } = tree;
    const next = new Uint32Array(inodes.folderCount + 1);
    const numberOf = (id: number) => inodes.folderNumber(names.folderOf(id));
    // Two for those that every folder has.
    for (let folder = 0; folder < inodes.folderCount; folder++) next[folder + 1] = 2;
    for (let id = 2; id < names.count; id++) {
      const folder = numberOf(id);
      next[folder + 1] = (next[folder + 1] ?? 0) + 1;
    }
    for (let folder = 0; folder < inodes.folderCount; folder++) {
      next[folder + 1] = (next[folder + 1] ?? 0) + (next[folder] ?? 0);
    }
    const starts = next.slice();
    const order = new Uint32Array(starts[inodes.folderCount] ?? 0);
    const place = (folder: number, id: number) => {
      const at = next[folder] ?? 0;
      order[at] = id;
      next[folder] = at + 1;
    };
    for (let folder = 0; folder < inodes.folderCount; folder++) {
      place(folder, NameTable.SELF);
      place(folder, NameTable.PARENT);
    }
    for (let id = 2; id < names.count; id++) place(numberOf(id), id);
    for (let folder = 0; folder < inodes.folderCount; folder++) {
      order.subarray(starts[folder], starts[folder + 1]).sort((a, b) => names.compare(a, b));
    }
    this.#tree = tree;
    this.#order = order;
    this.#starts = starts;
  }

  /** Returns the names in a folder, which is called by its inode. */
  namesIn(folder: number): Uint32Array {
    const number = this.#tree.inodes.folderNumber(folder);
    return this.#order.subarray(this.#starts[number], this.#starts[number + 1]);
  }

  /** Returns the inode that a name means in a folder. */
  inodeOf(folder: number, id: number): number {
    if (id === NameTable.SELF) return folder;
    return id === NameTable.PARENT ? this.#tree.inodes.parentOf(folder) : this.#tree.names.inodeOf(id);
  }

  /** Lists all folders level by level, from the root on. */
  levels(): Uint32Array {
    const { inodes } = this.#tree;
    const found = new Uint32Array(inodes.folderCount);
    let count = 1;
    for (let at = 0; at < count; at++) {
      const folder = found[at] ?? 0;
      for (const id of this.namesIn(folder)) {
        const inode = this.inodeOf(folder, id);
        if (id > NameTable.PARENT && inodes.isFolder(inode)) found[count++] = inode;
      }
    }
    return found;
  }
}
