// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, readSync } from 'node:fs';
import { HeldFileError, readFailure } from '../error.js';
import { assertSame } from '../identity.js';
import { changed, uninterrupted } from './attempt.js';
import { assertOpen, closeHeld, statHeld } from './descriptor.js';
import type { AnchoredFile } from './types.js';

/** The buffer for a byte behind the end, should there be one. Nobody reads it: all files can share it. */
const BEYOND = Buffer.alloc(1);

/** The implementation of {@link AnchoredFile}. @internal */
export class HeldFile implements AnchoredFile {
  readonly path: string;
  readonly fd: number;
  readonly stats: BigIntStats;
  readonly size: number;
  readonly #mayLoseName: boolean;
  #isOpen = true;

  /** Takes over the descriptor. @param options.mayLoseName it is still the same when another file took its name */
  constructor(path: string, fd: number, stats: BigIntStats, options = { mayLoseName: false }) {
    this.path = path;
    this.fd = fd;
    this.stats = stats;
    this.size = Number(stats.size);
    this.#mayLoseName = options.mayLoseName;
    if (!Number.isSafeInteger(this.size)) throw new HeldFileError('too-large', path, 'over 2^53 bytes');
  }

  read(buffer: Uint8Array, onChunk: (bytes: Uint8Array) => void): void {
    // A loop of its own, for a generator would be felt in many small files.
    for (let at = 0, isEnd = false; !isEnd; ) {
      const into = at === this.size ? BEYOND : buffer;
      const length = this.#next(into, at);
      if (length > 0) onChunk(into.subarray(0, length));
      at += length;
      isEnd = at === this.size && length < into.length;
    }
    this.assertUnchanged();
  }

  *chunks(nextBuffer: () => Uint8Array): Generator<Uint8Array, void> {
    for (let at = 0, isEnd = false; !isEnd; ) {
      const into = at === this.size ? BEYOND : nextBuffer();
      const length = this.#next(into, at);
      if (length > 0) yield into.subarray(0, length);
      at += length;
      isEnd = at === this.size && length < into.length;
    }
    this.assertUnchanged();
  }

  bytes(maxBytes: number): Buffer {
    if (this.size > maxBytes) {
      throw new HeldFileError('too-large', this.path, `${this.size} bytes, expected at most ${maxBytes}`);
    }
    // Read to where it stays, with room for the byte that must not be there.
    const whole = Buffer.allocUnsafe(this.size + 1);
    for (let at = 0, isEnd = false; !isEnd; ) {
      const into = at === 0 ? whole : whole.subarray(at);
      const length = this.#next(into, at);
      at += length;
      isEnd = at === this.size && length < into.length;
    }
    this.assertUnchanged();
    return whole.subarray(0, this.size);
  }

  assertUnchanged(): void {
    const now = this.#stat();
    if (this.#mayLoseName && now.nlink === 0n) {
      // Losing its name moved ctime.
      assertSame(this.path, { ...this.stats, ctimeNs: now.ctimeNs }, now);
    } else {
      assertSame(this.path, this.stats, now);
      if (now.nlink !== 1n) throw changed(this.path, `has ${now.nlink} names, expected one`);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeHeld(this.path, this.fd);
  }

  #stat(): BigIntStats {
    this.#assertOpen();
    return statHeld(this.path, this.fd);
  }

  /** Reads on at `at`, and returns how many bytes: fewer than the buffer has room for only at the end of the file. */
  #next(buffer: Uint8Array, at: number): number {
    this.#assertOpen();
    const left = this.size - at;
    // Where there is room for a byte more than it has, that byte's absence is found out at once.
    const wanted = Math.min(buffer.length, left + 1);
    const length = this.#read(buffer, wanted, at);
    if (length > left) throw changed(this.path, `has more than the ${this.size} bytes it had when opened`);
    if (length === 0 && left > 0) throw changed(this.path, `ended after ${at} bytes, expected ${this.size}`);
    return length;
  }

  #read(buffer: Uint8Array, wanted: number, at: number): number {
    try {
      return uninterrupted(() => readSync(this.fd, buffer, 0, wanted, at));
    } catch (error) {
      throw readFailure(this.path, error);
    }
  }

  #assertOpen(): void {
    assertOpen(this.path, this.#isOpen);
  }
}
