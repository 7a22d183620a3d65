// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { lastOf } from '../last-of.js';
import type { ByteSource } from '../layout/source.js';
import { Claims } from './claims.js';
import { contentOf } from './content.js';
import { SUPERBLOCK } from './format.js';
import { type ErofsNamed, openVolume, readRoot, readTarget } from './open.js';
import { readFolder, readNamed } from './parse-folder.js';
import { badInode, type ErofsInode, type Volume } from './parse-inode.js';
import type { ErofsVolume } from './parse-superblock.js';
import { readXattrs } from './parse-xattrs.js';
import { walk } from './walk.js';

/** What a file system was found to hold. */
export interface ErofsCheck {
  readonly volume: ErofsVolume;
  readonly folders: number;
  readonly files: number;
  /** Symbolic links, devices, FIFOs and sockets. */
  readonly others: number;
  /** Files that are compressed: where their content lies was not looked at. */
  readonly compressed: number;
  /** Bytes of all files, holes counted. */
  readonly bytes: number;
}

/**
 * Walks a whole file system and holds everything but contents to the format: every name and inode, attributes, targets,
 * where contents lie, who lies where, `..`, how many names everything has, how many inodes there are. Takes a bit for 32
 * bytes of metadata, and some for each folder and each file of several names.
 *
 * @throws ImageError `corrupt` for the first thing that contradicts the format or another, and as `openErofs` does
 */
export function checkErofs(source: ByteSource): ErofsCheck {
  return lastOf(checkErofsInSteps(source));
}

/** Inodes in a step: a few milliseconds. */
const STEP = 256;

/**
 * Checks a file system as {@link checkErofs} does, in steps: between them signals and timers may have their turn, and who goes
 * no further has stopped it.
 */
export function* checkErofsInSteps(source: ByteSource): Generator<void, ErofsCheck, undefined> {
  const volume = openVolume(source);
  const check = new Check(volume);
  const root = readRoot(volume);
  check.add(root);
  let count = 0;
  for (const { inode } of walk(root, volume.size, (folder) => check.list(folder))) {
    check.add(inode);
    if (++count % STEP === 0) yield;
  }
  return check.end();
}

class Check {
  readonly #volume: Volume;
  readonly #claims = new Claims();
  /** Of each folder the one that it is in. */
  readonly #parents = new Map<number, number>();
  /** Of everything that has several names how many of them were not met. */
  readonly #names = new Map<number, number>();
  #folders = 0;
  #files = 0;
  #others = 0;
  #compressed = 0;
  #bytes = 0;

  constructor(volume: Volume) {
    this.#volume = volume;
    this.#claims.take(SUPERBLOCK.offset, SUPERBLOCK.offset + SUPERBLOCK.size);
    this.#parents.set(volume.rootNid, volume.rootNid);
  }

  /** Lists a folder, and holds `..` and its number of links to what is found. */
  *list(folder: ErofsInode): Generator<Pick<ErofsNamed, 'name' | 'inode'>, void, undefined> {
    let inside = 0;
    for (const entry of readFolder(this.#volume, folder)) {
      const { name, nid, type } = entry;
      if (name === '.') continue;
      if (name === '..') {
        if (nid !== this.#parents.get(folder.nid) || type !== 'folder')
          throw badInode(folder.nid, `is a folder in which .. is inode ${nid}`);
        continue;
      }
      const inode = readNamed(this.#volume, folder, entry);
      if (type === 'folder') {
        inside++;
        this.#parents.set(nid, folder.nid);
      }
      yield { name, inode };
    }
    if (folder.links !== 2 + inside)
      throw badInode(folder.nid, `is a folder of ${inside} folders with ${folder.links} links`);
  }

  /** Looks at an inode that a name led to, the first time that one does. */
  add(inode: ErofsInode): void {
    const { nid, type, links } = inode;
    const left = this.#names.get(nid);
    if (left !== undefined) {
      if (left === 0) throw badInode(nid, `has more names than its ${links} links`);
      this.#names.set(nid, left - 1);
      return;
    }
    if (type !== 'folder' && links !== 1) {
      if (links === 0) throw badInode(nid, 'has a name, and no links');
      this.#names.set(nid, links - 1);
    }
    this.#claim(inode);
    readXattrs(this.#volume, inode);
    if (type === 'folder') this.#folders++;
    else if (type === 'file') this.#addFile(inode);
    else {
      if (type === 'symbolic-link') readTarget(this.#volume, inode);
      this.#others++;
    }
  }

  #claim({ nid, layout, size, places }: ErofsInode): void {
    const tail = layout === 'inline' ? size % this.#volume.blockSize : 0;
    if (!this.#claims.take(places.inode, places.behind + tail))
      throw badInode(nid, 'lies where another one does, or has more names than links');
  }

  #addFile(inode: ErofsInode): void {
    if (inode.layout === 'compressed') this.#compressed++;
    else contentOf(this.#volume, inode);
    this.#files++;
    this.#bytes += inode.size;
  }

  end(): ErofsCheck {
    for (const [nid, left] of this.#names)
      if (left > 0) throw badInode(nid, `has ${left} names fewer than links`);
    const found = this.#folders + this.#files + this.#others;
    const { source: _, rootNid: _root, metadata: _metadata, sharedXattrs: _shared, ...volume } = this.#volume;
    if (found !== volume.inodes)
      throw new ImageError('corrupt', `the EROFS superblock says ${volume.inodes} inodes, found ${found}`);
    return {
      volume,
      folders: this.#folders,
      files: this.#files,
      others: this.#others,
      compressed: this.#compressed,
      bytes: this.#bytes,
    };
  }
}
