// SPDX-License-Identifier: Apache-2.0
import { randomInt } from 'node:crypto';
import type { ByteString } from './name.js';

/** Paths that there is room for at first, as many as a small system has: what grows later is copied. */
const INITIAL = 1 << 13;

/**
 * A tree of paths with a small number for each, in a few arrays of bytes and words: some thirty-five bytes for a path
 * and those of its last part, which are doubled when they run out. The parts are compared byte by byte; the hash
 * that finds them begins at random, so that nobody can choose names that collide.
 */
export class PathTable {
  static readonly ROOT = 0;
  /** What no root file system reaches, and what bounds the memory: paths, and bytes of their parts. */
  static readonly MAX_PATHS = 1 << 23;
  static readonly MAX_BYTES = 1 << 28;

  #parents = new Uint32Array(INITIAL);
  #starts = new Uint32Array(INITIAL);
  #lengths = new Uint8Array(INITIAL);
  #kinds = new Uint8Array(INITIAL);
  /** Of each path, so that no part is read again when there are more slots. */
  #hashes = new Uint32Array(INITIAL);
  /** Of the path that was looked for last. */
  #hash = 0;
  #count = 1;
  /** The parts of all paths, one behind the other. */
  #parts = new Uint8Array(16 * INITIAL);
  #used = 0;
  /** An open-addressed hash table; 0 is an empty slot, the root is never looked up. */
  #slots = new Uint32Array(4 * INITIAL);
  readonly #seed = randomInt(2 ** 32);

  /** Whether there are as many paths as it takes. */
  get isFull(): boolean {
    return this.#count >= PathTable.MAX_PATHS || this.#used >= PathTable.MAX_BYTES;
  }

  kindOf(id: number): number {
    return this.#kinds[id] ?? 0;
  }

  setKind(id: number, kind: number): void {
    this.#kinds[id] = kind;
  }

  /** Returns the entry of the part of `path` from `from` up to `to`, below `parent`; undefined where there is none. */
  find(parent: number, path: ByteString, from: number, to: number): number | undefined {
    return this.#slots[this.#slotOf(parent, path, from, to)] || undefined;
  }

  /** Returns that entry, and makes it, of kind 0, where there is none. */
  make(parent: number, path: ByteString, from: number, to: number): number {
    const slot = this.#slotOf(parent, path, from, to);
    const found = this.#slots[slot];
    if (found) return found;
    if (this.#count === this.#parents.length) this.#growEntries();
    while (this.#used + to - from > this.#parts.length) this.#parts = grown(this.#parts, Uint8Array);
    const id = this.#count++;
    this.#parents[id] = parent;
    this.#starts[id] = this.#used;
    this.#lengths[id] = to - from;
    this.#hashes[id] = this.#hash;
    for (let at = from; at < to; at++) this.#parts[this.#used++] = path.charCodeAt(at);
    this.#slots[slot] = id;
    if (this.#count * 2 > this.#slots.length) this.#growSlots();
    return id;
  }

  #slotOf(parent: number, path: ByteString, from: number, to: number): number {
    let hash = this.#begin(parent);
    for (let at = from; at < to; at++) hash = mix(hash, path.charCodeAt(at));
    this.#hash = hash;
    for (let slot = this.#first(hash); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const id = this.#slots[slot] ?? 0;
      if (id === 0 || this.#is(id, parent, path, from, to)) return slot;
    }
  }

  #is(id: number, parent: number, path: ByteString, from: number, to: number): boolean {
    if (this.#parents[id] !== parent || this.#lengths[id] !== to - from) return false;
    const start = (this.#starts[id] ?? 0) - from;
    for (let at = from; at < to; at++) if (this.#parts[start + at] !== path.charCodeAt(at)) return false;
    return true;
  }

  #begin(parent: number): number {
    return mix(mix(this.#seed, parent), parent >>> 16);
  }

  #first(hash: number): number {
    return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 7) & (this.#slots.length - 1);
  }

  #growEntries(): void {
    this.#parents = grown(this.#parents, Uint32Array);
    this.#starts = grown(this.#starts, Uint32Array);
    this.#lengths = grown(this.#lengths, Uint8Array);
    this.#kinds = grown(this.#kinds, Uint8Array);
    this.#hashes = grown(this.#hashes, Uint32Array);
  }

  #growSlots(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    for (let id = 1; id < this.#count; id++) {
      let slot = this.#first(this.#hashes[id] ?? 0);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = id;
    }
  }
}

function mix(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x01000193);
  return mixed ^ (mixed >>> 13);
}

function grown<Words extends Uint8Array | Uint32Array>(
  words: Words,
  Type: new (length: number) => Words,
): Words {
  const larger = new Type(2 * words.length);
  larger.set(words);
  return larger;
}
