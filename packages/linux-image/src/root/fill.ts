// SPDX-License-Identifier: Apache-2.0

import { ImageError } from '@latticra/disk-image';
import type { ErofsWriter } from '@latticra/disk-image/erofs';
import type { TarMember, TarVisitor } from '@latticra/tar';
import { LinuxImageError } from '../error.js';
import { digestMembers } from './digest.js';

/** What to do with a root that goes by for the second time. */
export interface FillOptions {
  readonly writer: ErofsWriter;
  /** Of the first time. */
  readonly digest: string;
  /** Paths of files whose contents are wanted. */
  readonly wanted: ReadonlySet<string>;
}

/** A root that goes by for the second time. */
export interface RootFill extends Required<Pick<TarVisitor, 'onMember' | 'onContent'>> {
  /**
   * Ends the file system, and returns the contents of the files that were wanted.
   * @throws LinuxImageError `rootfs-changed` when the archive was another one the first time
   */
  finish(): ReadonlyMap<string, Uint8Array>;
}

/** Starts to write the contents of a root into the file system that was planned for it. */
export function fillRoot({ writer, digest, wanted }: FillOptions): RootFill {
  const again = digestMembers();
  const kept = new Map<string, Uint8Array>();
  let file: OpenMember | undefined;
  const close = () => {
    if (file !== undefined) writer.content({ hole: file.size - file.at });
    file = undefined;
  };
  return {
    onMember: guarded((member: TarMember) => {
      close();
      again.add(member);
      if (member.type !== 'file') return;
      writer.file(member.path);
      const copy = wanted.has(member.path) ? new Uint8Array(member.size) : undefined;
      if (copy !== undefined) kept.set(member.path, copy);
      file = new OpenMember(member, copy);
    }),
    onContent: guarded((piece: Uint8Array) => file?.take(piece, writer)),
    finish: guarded(() => {
      close();
      if (again.end() !== digest) throw changed();
      writer.end();
      return kept;
    }),
  };
}

/** A file of the archive whose stored bytes go by; between its runs, if it is sparse, are holes. */
class OpenMember {
  readonly size: number;
  /** Bytes of the file that were given on. */
  at = 0;
  readonly #runs: readonly { readonly offset: number; readonly length: number }[];
  readonly #copy: Uint8Array | undefined;
  #run = 0;

  constructor({ size, sparse }: TarMember, copy: Uint8Array | undefined) {
    this.size = size;
    this.#copy = copy;
    this.#runs = (sparse ?? [{ offset: 0, length: size }]).filter(({ length }) => length > 0);
  }

  take(piece: Uint8Array, writer: ErofsWriter): void {
    for (let done = 0; done < piece.length; ) {
      const run = this.#runs[this.#run];
      if (run === undefined) throw changed();
      if (this.at < run.offset) writer.content({ hole: run.offset - this.at });
      this.at = Math.max(this.at, run.offset);
      const part = piece.subarray(done, done + run.offset + run.length - this.at);
      writer.content(part);
      this.#copy?.set(part, this.at);
      this.at += part.length;
      done += part.length;
      if (this.at === run.offset + run.length) this.#run++;
    }
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
