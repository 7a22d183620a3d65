// SPDX-License-Identifier: Apache-2.0
import { ImageError } from '../error.js';
import type { AsyncByteSource } from './async-source.js';
import { assertInside } from './source.js';

const PAGE = 1 << 16;
/** Pages that are fetched at once at most. */
const MOST_AHEAD = 64;

/** Thrown through work that needs bytes which are not here; no error, since it is nobody's fault. */
class Missing {
  readonly page: number;

  constructor(page: number) {
    this.page = page;
  }
}

/** The pages of a source that are held, those that the work at hand has used among them. */
export class PageCache {
  readonly #source: AsyncByteSource;
  readonly #most: number;
  /** In the order of their last use. */
  readonly #held = new Map<number, Uint8Array>();
  #used: Set<number> | undefined;
  #missing: Missing | undefined;
  #ahead = 1;

  constructor(source: AsyncByteSource, memory: number) {
    this.#source = source;
    this.#most = Math.max(2, Math.floor(memory / PAGE));
  }

  /** Begins work: what it uses stays until {@link end}. */
  begin(): void {
    this.#used = new Set();
    this.#ahead = 1;
  }

  end(): void {
    this.#used = undefined;
  }

  /** Does work, and says what came of it, or which page it missed, though it may have caught that. */
  watch<T>(work: () => T): { readonly result: T } | { readonly missing: number } {
    this.#missing = undefined;
    try {
      const result = work();
      // The work may have caught it; assigned by readInto, which the compiler does not see.
      const missing = this.#missing as Missing | undefined;
      return missing ? { missing: missing.page } : { result };
    } catch (error) {
      const missing = this.#missing as Missing | undefined;
      if (missing) return { missing: missing.page };
      throw error;
    }
  }

  readInto(into: Uint8Array, offset: number): void {
    assertInside(this.#source.size, offset, into.length, 'source');
    const used = this.#used;
    if (!used) throw new ImageError('out-of-range', 'a source that is waited for is read inside run() alone');
    for (let at = 0; at < into.length; ) {
      const number = Math.floor((offset + at) / PAGE);
      const page = this.#held.get(number);
      this.#use(used, number);
      if (!page) {
        this.#missing ??= new Missing(number);
        throw this.#missing;
      }
      const start = offset + at - number * PAGE;
      const part = page.subarray(start, Math.min(page.length, start + into.length - at));
      into.set(part, at);
      at += part.length;
    }
  }

  #use(used: Set<number>, number: number): void {
    used.add(number);
    if (used.size <= this.#most) return;
    throw new ImageError('too-large', `more than ${this.#most * PAGE} bytes are read at once`, {
      fix: 'allow more memory, or read in several runs',
    });
  }

  /** Fetches a page, and some behind it: the more of them, the more were missed. */
  async fetch(first: number): Promise<void> {
    const room = this.#most - (this.#used?.size ?? 0) + 1;
    const end = Math.ceil(this.#source.size / PAGE);
    let count = 1;
    while (count < Math.min(this.#ahead, room, end - first) && !this.#held.has(first + count)) count++;
    this.#ahead = Math.min(MOST_AHEAD, this.#ahead * 2);
    const start = first * PAGE;
    const bytes = new Uint8Array(Math.min(count * PAGE, this.#source.size - start));
    await this.#source.read(bytes, start);
    for (let index = 0; index < count; index++) {
      // A page has memory of its own, so that it is gone when it is let go.
      const page = count === 1 ? bytes : bytes.slice(index * PAGE, (index + 1) * PAGE);
      this.#held.set(first + index, page);
    }
    for (const number of this.#held.keys()) {
      if (this.#held.size <= this.#most) break;
      if (this.#used?.has(number) !== true) this.#held.delete(number);
    }
  }
}
