// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, fstatSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { HeldFileError, writeFailure } from '../error.js';
import { assertSingle, isSameFile } from '../identity.js';
import { type Pending, registerRemoval } from '../pending.js';
import { assertTaken } from '../write-all.js';
import { attempt, changed } from './attempt.js';
import { assertOpen, closeQuietly } from './descriptor.js';
import { HeldFile } from './file.js';
import type { PathResolver } from './resolver.js';
import { releaseName, reserveName } from './stale.js';
import type { AnchoredFile, AnchoredFolder, Identity, TemporaryFile } from './types.js';

/** A temporary file to create. @internal */
export interface TemporaryParts {
  /** The target's name, which is safe. */
  readonly target: string;
  /** The target's path in messages. */
  readonly path: string;
  readonly mode: number;
  readonly flags: number;
}

/** Creates a temporary file, as {@link AnchoredFolder.createTemporary} does. @internal */
export function createTemporary(
  parts: TemporaryParts,
  folder: AnchoredFolder,
  resolve: PathResolver['resolve'],
): TemporaryFile {
  const name = reserveName(parts.target);
  let fd: number | undefined;
  try {
    const opened = resolve(name, (path) => {
      // Known before anything else can go wrong.
      fd = openSync(path, parts.flags, parts.mode);
      return fd;
    });
    return new Temporary(parts, folder, resolve, name, opened, fstatSync(opened, { bigint: true }));
  } catch (error) {
    if (fd !== undefined) {
      closeQuietly(fd);
      registerRemoval(() => folder.remove(name)).discard();
    }
    releaseName(name);
    throw writeFailure(parts.path, error);
  }
}

class Temporary implements TemporaryFile {
  readonly path: string;
  readonly name: string;
  readonly #target: string;
  readonly #folder: AnchoredFolder;
  readonly #resolve: PathResolver['resolve'];
  readonly #fd: number;
  readonly #identity: Identity;
  readonly #pending: Pending;
  #size = 0;
  #isOpen = true;

  constructor(
    { path, target }: TemporaryParts,
    folder: AnchoredFolder,
    resolve: PathResolver['resolve'],
    name: string,
    fd: number,
    identity: Identity,
  ) {
    this.path = path;
    this.name = name;
    this.#target = target;
    this.#folder = folder;
    this.#resolve = resolve;
    this.#fd = fd;
    this.#identity = identity;
    this.#pending = registerRemoval(() => {
      if (this.#isAt(this.name)) this.#resolve(this.name, unlinkSync);
    });
  }

  write(bytes: Uint8Array): void {
    assertOpen(this.path, this.#isOpen);
    for (let done = 0; done < bytes.length; ) {
      const taken = this.#try(() => writeSync(this.#fd, bytes, done, bytes.length - done, this.#size));
      done += assertTaken(this.path, taken);
      this.#size += taken;
    }
  }

  publish(): AnchoredFile {
    assertOpen(this.path, this.#isOpen);
    try {
      this.#settle();
      this.#try(() => this.#resolve(this.name, (path, at) => renameSync(path, at(this.#target))));
    } catch (error) {
      this.discard();
      throw error;
    }
    this.#end();
    try {
      if (!this.#isAt(this.#target)) throw changed(this.path, 'was replaced as soon as it was in its place');
      this.#sync();
      return new HeldFile(this.path, this.#fd, this.#stat(), { mayLoseName: true });
    } catch (error) {
      closeQuietly(this.#fd);
      throw error;
    }
  }

  discard(): void {
    if (!this.#isOpen) return;
    this.#pending.discard();
    this.#end();
    closeQuietly(this.#fd);
  }

  /** Brings all of it to the disk, and makes sure that nothing stands in the way of its name. */
  #settle(): void {
    const { size, nlink } = this.#stat();
    if (size !== BigInt(this.#size) || nlink !== 1n || !this.#isAt(this.name)) {
      throw changed(this.path, 'its temporary file was written, linked or replaced by another process');
    }
    this.#try(() => fsyncSync(this.#fd));
    const standing = this.#folder.lstat(this.#target);
    if (standing !== undefined) assertSingle(this.path, standing);
  }

  #sync(): void {
    try {
      this.#folder.sync();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new HeldFileError(
        'not-durable',
        this.path,
        `is in its place, but a power cut may undo it: ${reason}`,
        {
          fix: 'see to the disk, then run this again',
          cause,
        },
      );
    }
  }

  #isAt(name: string): boolean {
    const found = this.#folder.lstat(name);
    return found !== undefined && isSameFile(found, this.#identity);
  }

  #stat(): BigIntStats {
    return this.#try(() => fstatSync(this.#fd, { bigint: true }));
  }

  #end(): void {
    this.#isOpen = false;
    this.#pending.keep();
    releaseName(this.name);
  }

  #try<T>(work: () => T): T {
    return attempt(writeFailure, this.path, work);
  }
}
