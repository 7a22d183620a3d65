// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { ReadableFolder } from '@latticra/held-files/anchor';
import { PromotionError } from '../error.js';
import type { ReadFile } from './read-file.js';

/** The most bytes of a folder that are kept for the documents that name them; what is more is read again. */
const BUDGET = 64 << 20;
/** A file longer than this belongs to no record. */
const LARGEST = 32 << 20;

/** What was measured of a file. */
export type Measured = Omit<ReadFile, 'bytes' | 'inspect'>;

/** The files of a held folder by their names, as they were read: what is asked for again is the very same bytes. */
export class FolderCache {
  readonly #kept = new Map<string, Uint8Array>();
  readonly #files = new Map<string, Measured>();
  readonly #folder: ReadableFolder;
  #room: number;

  /** @param budget how many bytes are kept */
  constructor(folder: ReadableFolder, budget = BUDGET) {
    this.#folder = folder;
    this.#room = budget;
  }

  /** Takes a file that was read; its bytes are kept as far as there is room. */
  add(file: ReadFile): void {
    const { bytes, name, size, sha256, sha512 } = file;
    // What looks into it holds its bytes as well, and is not kept.
    this.#files.set(name, { name, size, sha256, sha512 });
    if (bytes === undefined || bytes.length > LARGEST || bytes.length > this.#room) return;
    this.#room -= bytes.length;
    this.#kept.set(name, bytes);
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** Returns what was measured of a file; undefined where there is none that could be read. */
  get(name: string): Measured | undefined {
    return this.#files.get(name);
  }

  /**
   * Returns the bytes of a file. @throws PromotionError `bad-evidence` for one that is too long, or is another one by now;
   * HeldFileError
   */
  read(name: string, maxBytes: number): Uint8Array {
    const kept = this.#kept.get(name);
    const known = this.#files.get(name);
    const size = known?.size ?? 0;
    if (size > maxBytes) {
      throw new PromotionError('bad-evidence', `${name}: ${size} bytes, expected at most ${maxBytes}`);
    }
    if (kept !== undefined) return kept;
    const file = this.#folder.openFile(name);
    try {
      const bytes = file.bytes(maxBytes);
      if (hash('sha256', bytes) === known?.sha256) return bytes;
      throw new PromotionError('bad-evidence', `${name}: is another file than a moment ago`, {
        fix: 'let whatever writes there finish, then run this again',
      });
    } finally {
      file.close();
    }
  }
}
