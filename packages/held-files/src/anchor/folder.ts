// SPDX-License-Identifier: Apache-2.0
import {
  type BigIntStats,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  unlinkSync,
} from 'node:fs';
import { errnoOf, HeldFileError, readFailure, writeFailure } from '../error.js';
import { assertFolder, assertSame, assertSingle, isSameFile } from '../identity.js';
import { attempt, changed, openFailure, uninterrupted } from './attempt.js';
import { abandon, assertOpen, closeHeld, statHeld } from './descriptor.js';
import { HeldFile } from './file.js';
import { decodeName } from './name.js';
import { type Reach, SELF } from './reach.js';
import { staleNames } from './stale.js';
import type { OpenFlags } from './system.js';
import { createTemporary } from './temporary.js';
import type { AnchoredFile, AnchoredFolder, Anchoring, Identity, Listing, TemporaryFile } from './types.js';

/** How often it is looked at what a name means that others give to another file again and again. */
const MAX_LOOKS = 100;

/** What a held folder is made of. @internal */
export interface FolderParts {
  readonly path: string;
  readonly fd: number;
  readonly stats: BigIntStats;
  readonly reach: Reach;
  readonly flags: OpenFlags;
  /** The descriptor is somebody else's to close. */
  readonly isBorrowed: boolean;
}

/** @internal */
export class HeldFolder implements AnchoredFolder {
  readonly path: string;
  readonly fd: number;
  readonly stats: BigIntStats;
  readonly #parts: FolderParts;
  readonly #reach: Reach;
  /** What goes before the names in it, for messages. */
  readonly #prefix: string;
  #isOpen = true;

  constructor(parts: FolderParts) {
    this.path = parts.path;
    this.#prefix = parts.path === '.' ? '' : `${parts.path}/`;
    this.fd = parts.fd;
    this.stats = parts.stats;
    this.#reach = parts.reach;
    this.#parts = parts;
  }

  get anchoring(): Anchoring {
    return this.#reach.anchoring;
  }

  stat(): BigIntStats {
    assertOpen(this.path, this.#isOpen);
    const now = statHeld(this.path, this.fd);
    // It would still be listed, as an empty folder.
    if (now.nlink === 0n) throw changed(this.path, 'was deleted');
    return now;
  }

  mountId(): string | undefined {
    assertOpen(this.path, this.#isOpen);
    try {
      const lines = uninterrupted(() => readFileSync(`/proc/self/fdinfo/${this.fd}`, 'latin1'));
      return /^mnt_id:\s*(\d+)$/m.exec(lines)?.[1];
    } catch (error) {
      if (this.anchoring === 'cwd' && errnoOf(error) === 'ENOENT') return undefined;
      throw readFailure(this.path, error);
    }
  }

  list(): Listing {
    const before = this.stat();
    const found = this.#names();
    const stats = this.stat();
    assertSame(this.path, before, stats);
    // One code unit is one byte: a third of the memory of as many Buffers, and their order.
    found.sort();
    return {
      names: { [Symbol.iterator]: () => bytesOfAll(found) },
      count: found.length,
      stats,
    };
  }

  lstat(name: Buffer): BigIntStats | undefined {
    return this.#at(readFailure, name, this.#show(name), (path) => {
      for (let looks = 1; ; looks += 1) {
        const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
        // It was replaced or removed between finding its name and looking at it: by now the name means another.
        if (stats?.nlink !== 0n || looks === MAX_LOOKS) return stats;
      }
    });
  }

  openFolder(name: Buffer, observed?: Identity): AnchoredFolder {
    const path = this.#show(name);
    return this.#open(name, path, this.#parts.flags.folder, observed, assertFolder, (fd, stats) => {
      const reach = this.#reach.into({ path, name: decodeName(name), fd, stats });
      return new HeldFolder({ path, fd, stats, reach, flags: this.#parts.flags, isBorrowed: false });
    });
  }

  openFile(name: Buffer, observed?: Identity): AnchoredFile {
    const path = this.#show(name);
    return this.#open(
      name,
      path,
      this.#parts.flags.file,
      observed,
      assertSingle,
      (fd, stats) => new HeldFile(path, fd, stats),
    );
  }

  makeFolder(name: Buffer, mode = 0o755): void {
    this.#at(writeFailure, name, this.#show(name), (path) => mkdirSync(path, { mode }));
    this.sync();
  }

  createTemporary(target: Buffer, mode = 0o644): TemporaryFile {
    const path = this.#show(target);
    return createTemporary({ target, path, mode, flags: this.#parts.flags.create }, this, this.#reached);
  }

  remove(name: Buffer): boolean {
    const stats = this.lstat(name);
    if (stats === undefined) return false;
    const shown = this.#show(name);
    assertSingle(shown, stats);
    return this.#at(writeFailure, name, shown, (path) => {
      try {
        unlinkSync(path);
        return true;
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return false;
        throw error;
      }
    });
  }

  clearStale(target: Buffer): number {
    assertOpen(this.path, this.#isOpen);
    const stale = staleNames(this.#names(), decodeName(target, this.#prefix));
    return stale.filter((name) => this.remove(bytesOf(name))).length;
  }

  sync(): void {
    assertOpen(this.path, this.#isOpen);
    attempt(writeFailure, this.path, () => {
      try {
        fsyncSync(this.fd);
      } catch (error) {
        // What a file system says that has nothing to sync.
        if (!['EINVAL', 'ENOTSUP'].includes(errnoOf(error))) throw error;
      }
    });
  }

  assertPrivate(): void {
    const { mode } = this.stat();
    if ((mode & 0o022n) === 0n) return;
    const shown = (mode & 0o7777n).toString(8).padStart(4, '0');
    throw new HeldFileError('unsafe-folder', this.path, `its group or everybody may write in it (${shown})`, {
      fix: `take that permission away: chmod go-w ${this.path}`,
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#reach.end();
    } finally {
      if (!this.#parts.isBorrowed) closeHeld(this.path, this.fd);
    }
  }

  #names(): string[] {
    return this.#at(readFailure, SELF, this.path, (path) => readdirSync(path, 'latin1'));
  }

  /** @throws HeldFileError `unsafe-name` */
  #show(name: Buffer): string {
    return this.#prefix + decodeName(name, this.#prefix);
  }

  /** @param shown `name` as `#show` gives it: that it was asked is what makes the name a safe one */
  #at<T>(
    fail: typeof readFailure,
    name: Buffer,
    shown: string,
    work: (path: Buffer) => T,
    undo?: (result: T) => void,
  ): T {
    return attempt(fail, shown, () => this.#reached((at) => work(at(name)), undo));
  }

  #reached: Reach['use'] = (work, undo) => {
    assertOpen(this.path, this.#isOpen);
    return this.#reach.use(work, undo);
  };

  /** Looks, opens, looks again: what is open is what was seen. */
  #open<T>(
    name: Buffer,
    shown: string,
    flags: number,
    observed: Identity | undefined,
    check: (path: string, stats: BigIntStats) => void,
    use: (fd: number, stats: BigIntStats) => T,
  ): T {
    const seen = observed ?? this.#see(name, shown, check);
    const fd = this.#at(openFailure, name, shown, (path) => openSync(path, flags), abandon);
    try {
      const stats = statHeld(shown, fd);
      if (!isSameFile(stats, seen)) throw changed(shown, 'was replaced after it had been looked at');
      check(shown, stats);
      return use(fd, stats);
    } catch (error) {
      abandon(fd);
      throw error;
    }
  }

  #see(name: Buffer, shown: string, check: (path: string, stats: BigIntStats) => void): Identity {
    const seen = this.lstat(name);
    if (seen === undefined) throw new HeldFileError('not-found', shown, 'no such file or folder');
    check(shown, seen);
    return seen;
  }
}

function* bytesOfAll(names: readonly string[]): Generator<Buffer> {
  for (const name of names) yield bytesOf(name);
}

function bytesOf(name: string): Buffer {
  return Buffer.from(name, 'latin1');
}
