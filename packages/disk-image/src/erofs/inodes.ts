// SPDX-License-Identifier: Apache-2.0
import { halfwords, numbers, words } from './column.js';
import type { ByteString, ErofsMetadata } from './entry.js';
import { TYPE_BITS } from './format.js';
import { XattrPool } from './xattr.js';

const FOLDER = 0o040000;
const SYMLINK = 0o120000;
/** Whether a folder was said, or only names in it were: kept with the number of its inode. */
const SAID = 1;

/**
 * What is known of each inode of a tree, a number for each thing. An inode is called by its place in the order of
 * adding; the root is 0.
 */
export class InodeTable {
  readonly xattrs = new XattrPool();
  readonly #modes = halfwords();
  readonly #uids = words();
  readonly #gids = words();
  readonly #seconds = numbers();
  readonly #nanoseconds = words();
  readonly #sizes = numbers();
  readonly #links = words();
  readonly #xattrIds = words();
  /** Of a folder its number among folders; of a device its numbers; of a symbolic link its number among targets. */
  readonly #extras = words();
  readonly #parents = words();
  readonly #said = halfwords();
  readonly #targets: ByteString[] = [];
  #count = 0;
  #folderCount = 0;

  get count(): number {
    return this.#count;
  }

  get folderCount(): number {
    return this.#folderCount;
  }

  /** Adds what is no folder. @throws ImageError for attributes that cannot be written */
  add(metadata: ErofsMetadata, bits: number, target: ByteString | undefined): number {
    const inode = this.#count;
    this.#fill(inode, metadata, bits);
    this.#links.set(inode, 1);
    this.#sizes.set(inode, bits === 0o100000 ? metadata.size : 0);
    if (bits === SYMLINK && target !== undefined) {
      this.#sizes.set(inode, target.length);
      this.#extras.set(inode, this.#targets.push(target) - 1);
    } else if (metadata.device !== undefined && (bits === 0o020000 || bits === 0o060000)) {
      this.#extras.set(inode, deviceNumber(metadata.device));
    }
    this.#count++;
    return inode;
  }

  /** Adds a folder in another; the root is in itself. @param said whether `metadata` is its own, or stands in for it */
  addFolder(metadata: ErofsMetadata, parent: number, said: boolean): number {
    const inode = this.#count;
    this.#fill(inode, metadata, FOLDER);
    // Itself, and its name in its parent, of which `..` is one more name; the root counts for both.
    this.#links.set(inode, 2);
    if (inode !== 0) this.#links.set(parent, this.#links.get(parent) + 1);
    this.#extras.set(inode, this.#folderCount);
    this.#parents.set(this.#folderCount, parent);
    this.#said.set(this.#folderCount, said ? SAID : 0);
    this.#folderCount++;
    this.#count++;
    return inode;
  }

  /** Says what a folder is that is there already. @throws ImageError for attributes that cannot be written */
  describe(folder: number, metadata: ErofsMetadata): void {
    this.#fill(folder, metadata, FOLDER);
    this.#said.set(this.#extras.get(folder), SAID);
  }

  #fill(inode: number, { mode, uid, gid, mtime, xattrs }: ErofsMetadata, bits: number): void {
    this.#xattrIds.set(inode, this.xattrs.add(xattrs));
    this.#modes.set(inode, bits | mode);
    this.#uids.set(inode, uid);
    this.#gids.set(inode, gid);
    this.#seconds.set(inode, mtime.seconds);
    this.#nanoseconds.set(inode, mtime.nanoseconds);
  }

  link(inode: number): void {
    this.#links.set(inode, this.#links.get(inode) + 1);
  }

  isFolder(inode: number): boolean {
    return (this.#modes.get(inode) & TYPE_BITS) === FOLDER;
  }

  isFile(inode: number): boolean {
    return (this.#modes.get(inode) & TYPE_BITS) === 0o100000;
  }

  /** Returns whether nobody said what a folder is, so that it takes its time from the file system. */
  isImplied(inode: number): boolean {
    return this.isFolder(inode) && this.#said.get(this.#extras.get(inode)) !== SAID;
  }

  /** Returns the number of a folder among folders, in the order of adding. */
  folderNumber(folder: number): number {
    return this.#extras.get(folder);
  }

  parentOf(folder: number): number {
    return this.#parents.get(this.#extras.get(folder));
  }

  targetOf(link: number): ByteString {
    return this.#targets[this.#extras.get(link)] ?? '';
  }

  /** Returns the device number as Linux encodes it for disks. */
  deviceOf(inode: number): number {
    return this.#extras.get(inode);
  }

  modeOf(inode: number): number {
    return this.#modes.get(inode);
  }

  uidOf(inode: number): number {
    return this.#uids.get(inode);
  }

  gidOf(inode: number): number {
    return this.#gids.get(inode);
  }

  secondsOf(inode: number): number {
    return this.#seconds.get(inode);
  }

  nanosecondsOf(inode: number): number {
    return this.#nanoseconds.get(inode);
  }

  sizeOf(inode: number): number {
    return this.#sizes.get(inode);
  }

  /** Takes down how long the content of a folder is, which follows from the names in it. */
  setSize(folder: number, size: number): void {
    this.#sizes.set(folder, size);
  }

  linksOf(inode: number): number {
    return this.#links.get(inode);
  }

  xattrsOf(inode: number): number {
    return this.#xattrIds.get(inode);
  }
}

function deviceNumber({ major, minor }: { readonly major: number; readonly minor: number }): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
