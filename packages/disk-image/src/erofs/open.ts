// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '../error.js';
import { textOf } from '../layout/bytes.js';
import { type ByteSource, readBytes } from '../layout/source.js';
import { contentOf } from './content.js';
import { type ByteString, showName } from './entry.js';
import { MAX_TARGET } from './format.js';
import { readFolder, readNamed } from './parse-folder.js';
import { badInode, type ErofsInode, readInode, type Volume } from './parse-inode.js';
import { type ErofsVolume, readSuperblock } from './parse-superblock.js';
import { readXattrs } from './parse-xattrs.js';
import { walk } from './walk.js';

/** What stands under a name. */
export interface ErofsNamed {
  /** The name in its folder, or the path from the root. */
  readonly name: ByteString;
  readonly inode: ErofsInode;
  /** What a symbolic link says, read when it is asked for; undefined for what is none. */
  readonly target: ByteString | undefined;
}

/** A file system that is being read. */
export interface ErofsImage extends ErofsVolume {
  readonly root: ErofsInode;
  /** Lists a folder in the order of its names, a block at a time. */
  list(folder: ErofsInode): Generator<ErofsNamed, void, undefined>;
  /** Finds what stands at a path like `etc/os-release`; symbolic links are not followed. @throws ImageError `not-found` */
  find(path: ByteString): ErofsInode;
  /** Opens a file for reading; what is compressed is `unsupported`. */
  open(file: ErofsInode): ByteSource;
  /** Returns what a symbolic link says. */
  target(link: ErofsInode): ByteString;
  xattrs(inode: ErofsInode): Map<ByteString, Uint8Array>;
  /** Gives everything below the root, each folder before what is in it, by path. */
  walk(): Generator<ErofsNamed, void, undefined>;
}

/**
 * Opens an EROFS file system. Every method ends, on whatever bytes, in bounded memory, and throws an ImageError for what is
 * damaged; nothing outside `source` is read. Compressed files are listed, and `unsupported` when they are opened.
 *
 * @throws ImageError `bad-magic`, `truncated`, `corrupt` or `unsupported`
 */
export function openErofs(source: ByteSource): ErofsImage {
  const volume = openVolume(source);
  const root = readRoot(volume);
  return {
    uuid: volume.uuid,
    volumeName: volume.volumeName,
    builtAt: volume.builtAt,
    blockSize: volume.blockSize,
    blocks: volume.blocks,
    size: volume.size,
    inodes: volume.inodes,
    root,
    list: (folder) => list(volume, folder),
    find: (path) => find(volume, root, path),
    open(file) {
      if (file.type !== 'file') throw new ImageError('not-found', `inode ${file.nid} is no file`);
      return contentOf(volume, file);
    },
    target: (link) => readTarget(volume, link),
    xattrs: (inode) => readXattrs(volume, inode),
    *walk() {
      for (const { name, inode } of walk(root, volume.size, (folder) => list(volume, folder))) {
        yield new Named(volume, name, inode);
      }
    },
  };
}

class Named implements ErofsNamed {
  readonly #volume: Volume;
  readonly name: ByteString;
  readonly inode: ErofsInode;

  constructor(volume: Volume, name: ByteString, inode: ErofsInode) {
    this.#volume = volume;
    this.name = name;
    this.inode = inode;
  }

  get target(): ByteString | undefined {
    return this.inode.type === 'symbolic-link' ? readTarget(this.#volume, this.inode) : undefined;
  }
}

/** Reads what all else is read by. @throws ImageError as {@link openErofs} does */
export const openVolume = (source: ByteSource): Volume => ({ ...readSuperblock(source), source });

/** Reads the root, which has to be a folder. */
export function readRoot(volume: Volume): ErofsInode {
  const root = readInode(volume, volume.rootNid);
  if (root.type !== 'folder') throw badInode(root.nid, 'is the root, and no folder');
  return root;
}

/** Lists a folder without `.` and `..`; each entry has to say what its inode says. */
function* list(volume: Volume, folder: ErofsInode): Generator<ErofsNamed, void, undefined> {
  if (folder.type !== 'folder') throw new ImageError('not-found', `inode ${folder.nid} is no folder`);
  for (const entry of readFolder(volume, folder)) {
    if (entry.name === '.' || entry.name === '..') continue;
    yield new Named(volume, entry.name, readNamed(volume, folder, entry));
  }
}

function find(volume: Volume, root: ErofsInode, path: ByteString): ErofsInode {
  let found = root;
  for (const part of path.split('/').filter((name) => name !== '' && name !== '.')) {
    const next = part === '..' ? undefined : findIn(volume, found, part);
    if (next === undefined) throw new ImageError('not-found', `the file system has no ${showName(path)}`);
    found = next;
  }
  return found;
}

/** Finds a name in a folder; what stands behind it there is not looked at. */
function findIn(volume: Volume, folder: ErofsInode, name: ByteString): ErofsInode | undefined {
  if (folder.type !== 'folder') return undefined;
  for (const entry of readFolder(volume, folder))
    if (entry.name === name) return readNamed(volume, folder, entry);
  return undefined;
}

/** Reads what a symbolic link says. @throws ImageError `corrupt` for what none can say */
export function readTarget(volume: Volume, link: ErofsInode): ByteString {
  if (link.type !== 'symbolic-link')
    throw new ImageError('not-found', `inode ${link.nid} is no symbolic link`);
  if (link.size === 0 || link.size > MAX_TARGET)
    throw badInode(link.nid, `is a symbolic link of ${link.size} bytes`);
  const target = textOf(readBytes(contentOf(volume, link), 0, link.size));
  if (target.includes('\0')) throw badInode(link.nid, 'is a symbolic link with a NUL in it');
  return target;
}
