// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import { bytes, words } from './column.js';
import type { ByteString } from './entry.js';

/** Names that there is room for at first, as many as a small system has: what grows later is copied, and hashed again. */
const INITIAL = 1 << 13;

/**
 * The names in all folders of a tree: for each the inode of its folder and its own, found by a hash over both that begins
 * at random, so that nobody can choose names that collide. Nothing that is written depends on the hash.
 */
export class NameTable {
  /** The names that every folder has. */
  static readonly SELF = 0;
  static readonly PARENT = 1;
  /** What no root file system reaches, and what bounds the memory: names, and bytes of all of them. */
  static readonly MAX_NAMES = 1 << 24;
  static readonly MAX_BYTES = 1 << 29;

  readonly #folders = words();
  readonly #inodes = words();
  readonly #starts = words();
  readonly #lengths = bytes();
  #count = 0;
  /** All names, one behind the other. */
  #text = new Uint8Array(16 * INITIAL);
  #used = 0;
  /** An open-addressed hash table; 0 is an empty slot, since no name of the first entry is ever looked up. */
  #slots = new Uint32Array(4 * INITIAL);
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

  constructor() {
    this.#append(0, 0, '.', 0, 1);
    this.#append(0, 0, '..', 0, 2);
  }

  get count(): number {
    return this.#count;
  }

  folderOf(id: number): number {
    return this.#folders.get(id);
  }

  inodeOf(id: number): number {
    return this.#inodes.get(id);
  }

  lengthOf(id: number): number {
    return this.#lengths.get(id);
  }

  /** Copies a name to `at` in `into`; returns its length. */
  copy(id: number, into: Uint8Array, at: number): number {
    const start = this.#starts.get(id);
    const length = this.#lengths.get(id);
    for (let index = 0; index < length; index++) into[at + index] = this.#text[start + index] ?? 0;
    return length;
  }

  /** Compares two names byte by byte, as the kernel's binary search does. */
  compare(a: number, b: number): number {
    const [startA, startB] = [this.#starts.get(a), this.#starts.get(b)];
    const [lengthA, lengthB] = [this.#lengths.get(a), this.#lengths.get(b)];
    const common = Math.min(lengthA, lengthB);
    for (let index = 0; index < common; index++) {
      const difference = (this.#text[startA + index] ?? 0) - (this.#text[startB + index] ?? 0);
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  /** Finds the inode that `path` from `from` up to `to` names in a folder; undefined where there is none. */
  find(folder: number, path: ByteString, from: number, to: number): number | undefined {
    const id = this.#slots[this.#slotOf(folder, path, from, to)];
    return id ? this.#inodes.get(id) : undefined;
  }

  /** Adds a name that {@link find} does not find. @throws ImageError `too-large` */
  add(folder: number, inode: number, path: ByteString, from: number, to: number): void {
    if (this.#count >= NameTable.MAX_NAMES || this.#used + to - from > NameTable.MAX_BYTES) {
      throw new ImageError('too-large', `more than ${this.#count} names in one file system`);
    }
    const slot = this.#slotOf(folder, path, from, to);
    this.#slots[slot] = this.#append(folder, inode, path, from, to);
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
  }

  #append(folder: number, inode: number, path: ByteString, from: number, to: number): number {
    const id = this.#count++;
    this.#folders.set(id, folder);
    this.#inodes.set(id, inode);
    this.#starts.set(id, this.#used);
    this.#lengths.set(id, to - from);
    if (this.#used + to - from > this.#text.length) {
      const larger = new Uint8Array(2 * this.#text.length);
      larger.set(this.#text);
      this.#text = larger;
    }
    for (let at = from; at < to; at++) this.#text[this.#used++] = path.charCodeAt(at);
    return id;
  }

  #slotOf(folder: number, path: ByteString, from: number, to: number): number {
    let hash = this.#begin(folder);
    for (let at = from; at < to; at++) hash = mix(hash, path.charCodeAt(at));
    let slot = this.#first(hash);
    for (; ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const id = this.#slots[slot] ?? 0;
      if (id === 0 || this.#is(id, folder, path, from, to)) return slot;
    }
  }

  #is(id: number, folder: number, path: ByteString, from: number, to: number): boolean {
    if (this.#folders.get(id) !== folder || this.#lengths.get(id) !== to - from) return false;
    const start = this.#starts.get(id) - from;
    for (let at = from; at < to; at++) if (this.#text[start + at] !== path.charCodeAt(at)) return false;
    return true;
  }

  #begin(folder: number): number {
    return mix(mix(this.#seed, folder), folder >>> 16);
  }

  #first(hash: number): number {
    return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 7) & (this.#slots.length - 1);
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let id = 2; id < this.#count; id++) {
      let hash = this.#begin(this.#folders.get(id));
      const start = this.#starts.get(id);
      const end = start + this.#lengths.get(id);
      for (let at = start; at < end; at++) hash = mix(hash, this.#text[at] ?? 0);
      let slot = this.#first(hash);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = id;
    }
  }
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x01000193);
  return mixed ^ (mixed >>> 13);
}
