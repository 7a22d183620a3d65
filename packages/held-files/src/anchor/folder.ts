// SPDX-License-Identifier: Apache-2.0
import {
  type BigIntStats,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  unlinkSync,
} from 'node:fs';
import { errnoOf } from '@latticra/failure';
import { HeldFileError, readFailure, writeFailure } from '../error.js';
import { assertFolder, assertRegular, assertSame, assertSingle, isSameFile } from '../identity.js';
import { attempt, changed, openFailure, uninterrupted } from './attempt.js';
import { assertOpen, closeHeld, closeQuietly, statHeld } from './descriptor.js';
import { HeldFile } from './file.js';
import { lookAt } from './look.js';
import { listedName, type Name, safeName } from './name.js';
import { insideResolver, type PathResolver, SELF } from './resolver.js';
import { staleNames } from './stale.js';
import type { OpenFlags } from './system.js';
import { createTemporary } from './temporary.js';
import type { AnchoredFile, AnchoredFolder, Anchoring, Identity, Listing, TemporaryFile } from './types.js';

/** The parts that a held folder is made of. @internal */
export interface FolderParts {
  readonly path: string;
  readonly fd: number;
  readonly stats: BigIntStats;
  readonly resolver: PathResolver;
  readonly flags: OpenFlags;
  /** Whether the descriptor is somebody else's to close. */
  readonly isBorrowed: boolean;
}

/** What is at a name: a link's target, or what was opened, for the caller to close. @internal */
export type Step =
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder'; readonly folder: HeldFolder }
  | { readonly kind: 'file'; readonly fd: number; readonly stats: BigIntStats };

/** The implementation of {@link AnchoredFolder}. @internal */
export class HeldFolder implements AnchoredFolder {
  readonly path: string;
  readonly fd: number;
  readonly stats: BigIntStats;
  readonly #parts: FolderParts;
  #resolver: PathResolver;
  /** The text before names of this folder in messages. */
  readonly #prefix: string;
  #isOpen = true;

  constructor(parts: FolderParts) {
    this.path = parts.path;
    this.#prefix = parts.path === '.' ? '' : `${parts.path}/`;
    this.fd = parts.fd;
    this.stats = parts.stats;
    this.#resolver = parts.resolver;
    this.#parts = parts;
  }

  get anchoring(): Anchoring {
    return this.#resolver.anchoring;
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
      if (this.anchoring !== 'procfs' && errnoOf(error) === 'ENOENT') return undefined;
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
      names: { [Symbol.iterator]: () => namesOf(found) },
      count: found.length,
      stats,
    };
  }

  lstat(name: Name): BigIntStats | undefined {
    return this.#at(readFailure, this.#text(name), lookAt);
  }

  openFolder(name: Name, observed?: Identity): AnchoredFolder {
    return this.#openFolder(this.#text(name), observed);
  }

  /**
   * Takes one step of a path: opens the folder or the regular file of that name, of which the file may have other names, or reads
   * where the link of that name leads.
   * @param name one component, of any characters
   * @throws HeldFileError `not-found`, `not-regular`, `changed`, `unreadable` @internal
   */
  step(name: string): Step {
    const shown = this.#prefix + name;
    const seen = this.#at(readFailure, name, lookAt);
    if (seen === undefined) throw new HeldFileError('not-found', shown, 'no such file or folder');
    if (seen.isSymbolicLink())
      return { kind: 'link', target: this.#at(linkFailure, name, (at) => readlinkSync(at)) };
    if (seen.isDirectory()) return { kind: 'folder', folder: this.#openFolder(name, seen) };
    return this.#open(name, this.#parts.flags.file, seen, assertRegular, (_, fd, stats) => ({
      kind: 'file',
      fd,
      stats,
    }));
  }

  #openFolder(text: string, observed: Identity | undefined): HeldFolder {
    return this.#open(text, this.#parts.flags.folder, observed, assertFolder, (path, fd, stats) => {
      const resolver = this.#resolver.child({ path, name: text, fd, stats });
      return new HeldFolder({ path, fd, stats, resolver, flags: this.#parts.flags, isBorrowed: false });
    });
  }

  openFile(name: Name, observed?: Identity): AnchoredFile {
    return this.#open(this.#text(name), this.#parts.flags.file, observed, assertSingle, fileOf);
  }

  makeFolder(name: Name, mode = 0o755): void {
    this.#at(writeFailure, this.#text(name), (path) => mkdirSync(path, { mode }));
    this.sync();
  }

  createTemporary(target: Name, mode = 0o644): TemporaryFile {
    const text = this.#text(target);
    const parts = { target: text, path: this.#prefix + text, mode, flags: this.#parts.flags.create };
    return createTemporary(parts, this, this.#resolve);
  }

  remove(name: Name): boolean {
    const text = this.#text(name);
    const stats = this.lstat(text);
    if (stats === undefined) return false;
    assertSingle(this.#prefix + text, stats);
    return this.#at(writeFailure, text, (path) => {
      try {
        unlinkSync(path);
        return true;
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return false;
        throw error;
      }
    });
  }

  clearStale(target: Name): number {
    assertOpen(this.path, this.#isOpen);
    const stale = staleNames(this.#names(), this.#text(target));
    return stale.filter((name) => this.remove(listedName(name))).length;
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
    const { mode, uid } = this.stat();
    // A system without users has no folder that is anybody's own.
    const user = process.geteuid?.() ?? -1;
    if (uid !== BigInt(user)) {
      throw new HeldFileError(
        'unsafe-folder',
        this.path,
        `belongs to another user (${uid}, expected ${user})`,
        {
          fix: `run this as its owner, or remove it, or take it over: chown ${user} ${this.path}`,
        },
      );
    }
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
      this.#resolver.close();
    } finally {
      if (!this.#parts.isBorrowed) closeHeld(this.path, this.fd);
    }
  }

  /** Refuses to work with a folder that was closed. @throws TypeError @internal */
  assertHeld(): void {
    assertOpen(this.path, this.#isOpen);
  }

  /**
   * Looks up names by themselves while `work` is done: for whoever sees to it that the process is in this folder from its beginning to
   * its end. @internal
   */
  inside<T>(work: () => T): T {
    const outside = this.#resolver;
    this.#resolver = insideResolver(outside);
    try {
      return work();
    } finally {
      this.#resolver = outside;
    }
  }

  #names(): string[] {
    return attempt(readFailure, this.path, () => this.#resolve(SELF, (path) => readdirSync(path, 'latin1')));
  }

  /** Returns the text of a name. @throws HeldFileError `unsafe-name` */
  #text(name: Name): string {
    return safeName(name, this.#prefix);
  }

  /** Does `work` with a path to a name in this folder. @param text of the name, as `#text` gives it */
  #at<T>(fail: typeof readFailure, text: string, work: (path: string) => T, undo?: (result: T) => void): T {
    // No function is made for it: this is done twice for every file.
    try {
      return this.#resolve(text, work, undo);
    } catch (error) {
      throw fail(this.#prefix + text, error);
    }
  }

  #resolve: PathResolver['resolve'] = (name, work, undo) => {
    assertOpen(this.path, this.#isOpen);
    return this.#resolver.resolve(name, work, undo);
  };

  /** Looks, opens and looks again, so that what is open is what was seen. */
  #open<T>(
    text: string,
    flags: number,
    observed: Identity | undefined,
    check: (path: string, stats: BigIntStats) => void,
    use: (path: string, fd: number, stats: BigIntStats) => T,
  ): T {
    const shown = this.#prefix + text;
    const seen = observed ?? this.#see(text, shown, check);
    const fd = this.#at(openFailure, text, (path) => openSync(path, flags), closeQuietly);
    try {
      const stats = statHeld(shown, fd);
      if (!isSameFile(stats, seen)) throw changed(shown, 'was replaced after it had been looked at');
      check(shown, stats);
      return use(shown, fd, stats);
    } catch (error) {
      closeQuietly(fd);
      throw error;
    }
  }

  #see(text: string, shown: string, check: (path: string, stats: BigIntStats) => void): Identity {
    const seen = this.lstat(text);
    if (seen === undefined) throw new HeldFileError('not-found', shown, 'no such file or folder');
    check(shown, seen);
    return seen;
  }
}

const fileOf = (path: string, fd: number, stats: BigIntStats) => new HeldFile(path, fd, stats);

/** Returns the reason why a link cannot be read that was one a moment ago: what has its name now is none, says EINVAL. */
function linkFailure(path: string, error: unknown): HeldFileError {
  return errnoOf(error) === 'EINVAL'
    ? changed(path, 'was replaced after it had been looked at', error)
    : openFailure(path, error);
}

function* namesOf(listed: readonly string[]): Generator<Name> {
  for (const name of listed) yield listedName(name);
}
