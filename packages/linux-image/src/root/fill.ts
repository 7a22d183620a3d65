// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '@latticra/disk-image';
import type { ErofsWriter } from '@latticra/disk-image/erofs';
import { replayTar, type SparseRun, type TarReplay } from '@latticra/tar';
import { LinuxImageError } from '../error.js';
import { digestHeaders } from './digest.js';
import type { ScannedRoot } from './scan.js';

/** What to do with a root that goes by for the second time. */
export interface FillOptions {
  readonly writer: ErofsWriter;
  /** What the first time came to. */
  readonly scanned: Pick<ScannedRoot, 'tree' | 'places' | 'headerDigest'>;
  /** Paths of files whose contents are wanted. */
  readonly wanted: ReadonlySet<string>;
}

/** A root that goes by for the second time. */
export interface RootFill extends TarReplay {
  /**
   * Ends the file system, and returns the contents of the files that were wanted.
   * @throws LinuxImageError `rootfs-changed` when the archive was another one the first time
   */
  finish(): ReadonlyMap<string, Uint8Array>;
}

/**
 * Starts to write the contents of a root into the file system that was planned for it. What its headers say is not read
 * again: that they are the same is held against their digest in the end.
 */
export function fillRoot({ writer, scanned, wanted }: FillOptions): RootFill {
  const { tree, places, headerDigest } = scanned;
  const { inodes } = tree;
  const again = digestHeaders();
  const kept = new Map<string, Uint8Array>();
  const wantedPaths = new Map([...wanted].map((path) => [tree.find(path), path]));
  const inodeOf = fileInodes(inodes);
  const inodeAhead = fileInodes(inodes);
  let number = -1;
  let file: OpenFile | undefined;
  /** Ends the file that is open, and begins all up to another: those between are empty, or all hole. */
  const advance = (to: number) => {
    while (number < to) {
      if (file !== undefined) writer.content({ hole: file.size - file.at });
      number++;
      const size = writer.file();
      const path = wantedPaths.get(inodeOf(number));
      const copy = path === undefined ? undefined : new Uint8Array(size);
      if (path !== undefined && copy !== undefined) kept.set(path, copy);
      file = new OpenFile(size, places.runsOf(number), copy);
    }
  };
  const replay = replayTar(
    places.inArchive((file) => inodes.sizeOf(inodeAhead(file))),
    {
      onContent(next, piece) {
        if (next !== number) advance(next);
        file?.take(piece, writer);
      },
      onHeader: (bytes) => again.add(bytes),
    },
  );
  return {
    push: guarded((bytes: Uint8Array) => replay.push(bytes)),
    finish: guarded(() => {
      advance(places.count - 1);
      if (file !== undefined) writer.content({ hole: file.size - file.at });
      if (again.end() !== headerDigest) throw changed();
      writer.end();
      return kept;
    }),
  };
}

/** Makes what returns the inode of a file by its number, which is asked for in order. */
function fileInodes(inodes: ScannedRoot['tree']['inodes']): (number: number) => number {
  let inode = -1;
  let at = -1;
  return (number) => {
    while (at < number) {
      inode++;
      if (inodes.isFile(inode)) at++;
    }
    return inode;
  };
}

/** A file of the archive whose stored bytes go by; between its runs, if it is sparse, are holes. */
class OpenFile {
  readonly size: number;
  /** Bytes of the file that were given on. */
  at = 0;
  readonly #runs: readonly SparseRun[] | undefined;
  readonly #copy: Uint8Array | undefined;
  #run = 0;

  constructor(size: number, runs: readonly SparseRun[] | undefined, copy: Uint8Array | undefined) {
    this.size = size;
    this.#copy = copy;
    this.#runs = runs?.filter(({ length }) => length > 0);
  }

  take(piece: Uint8Array, writer: ErofsWriter): void {
    if (this.#runs === undefined) {
      this.#give(piece, writer);
      return;
    }
    for (let done = 0; done < piece.length; ) {
      const run = this.#runs[this.#run];
      if (run === undefined) throw changed();
      if (this.at < run.offset) writer.content({ hole: run.offset - this.at });
      this.at = Math.max(this.at, run.offset);
      const part = piece.subarray(done, done + run.offset + run.length - this.at);
      this.#give(part, writer);
      done += part.length;
      if (this.at === run.offset + run.length) this.#run++;
    }
  }

  #give(part: Uint8Array, writer: ErofsWriter): void {
    writer.content(part);
    this.#copy?.set(part, this.at);
    this.at += part.length;
  }
}

const changed = (cause?: unknown) =>
  new LinuxImageError('rootfs-changed', 'the root file system became another one while it was read', {
    ...(cause !== undefined && { cause }),
    fix: 'let nobody write to it, and build again',
  });

/** Takes what does not fit the plan for what it is: the plan was made of the same file. */
function guarded<Arguments extends unknown[], Result>(use: (...given: Arguments) => Result) {
  return (...given: Arguments): Result => {
    try {
      return use(...given);
    } catch (cause) {
      throw cause instanceof ImageError ? changed(cause) : cause;
    }
  };
}
