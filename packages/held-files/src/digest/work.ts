// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { createBlockDigests } from './blocks.js';
import { type DigestTask, endOf, FILE_BYTES, KIND, type QueueMemory, resultsOf } from './queue.js';

/** A file that is read from its first byte on, as far as it can be. */
interface OpenedFile {
  readOn(use: (piece: Uint8Array) => void): void;
  /** Bytes that were given on. */
  reached(): number;
}

function openedFile(fd: number): OpenedFile {
  const piece = new Uint8Array(FILE_BYTES);
  let at = 0;
  let isAtEnd = false;
  return {
    readOn(use) {
      if (isAtEnd) return;
      const count = readOrNothing(fd, piece, at);
      use(piece.subarray(0, count));
      at += count;
      isAtEnd = count === 0;
    },
    reached: () => at,
  };
}

/** Reads, or takes it for the end: whoever reads on from there is told what is wrong. */
function readOrNothing(fd: number, into: Uint8Array, at: number): number {
  try {
    return readSync(fd, into, 0, into.length, at);
  } catch {
    return 0;
  }
}

/** Makes what does the tasks of a queue. */
export function createWork(memory: QueueMemory): (task: DigestTask) => void {
  const streams = new Map<number, Hash>();
  const files = new Map<number, OpenedFile>();
  const blocks = new Map<number, ReturnType<typeof createBlockDigests>>();
  return ({ kind, digest, offset, length }) => {
    const bytes = memory.pieces.subarray(offset, offset + length);
    if (kind === KIND.stream) {
      const hash = streams.get(digest) ?? createHash('sha256');
      streams.set(digest, hash.update(bytes));
    } else if (kind === KIND.end) {
      endOf(memory).set((streams.get(digest) ?? createHash('sha256')).digest());
      streams.delete(digest);
    } else if (kind === KIND.file) {
      const file = files.get(digest) ?? openedFile(offset);
      files.set(digest, file);
      const hash = streams.get(digest) ?? createHash('sha256');
      streams.set(digest, hash);
      file.readOn((piece) => hash.update(piece));
    } else if (kind === KIND.reached) {
      endOf(memory).writeDoubleLE(files.get(digest)?.reached() ?? 0);
      files.delete(digest);
    } else if (kind === KIND.salt) {
      blocks.set(digest, createBlockDigests(bytes.slice()));
    } else {
      blocks.get(digest)?.(bytes, resultsOf(memory, offset));
    }
  };
}
