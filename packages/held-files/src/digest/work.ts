// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';
import { pageMemory } from '../page-memory.js';
import { createBlockDigests } from './blocks.js';
import { type DigestWork, endOf, FILE_BYTES, KIND, type QueueMemory, resultsOf } from './queue.js';

/** A file that is read from its first byte on, as far as there is time for. */
interface OpenedFile {
  readonly hash: Hash;
  readonly fd: number;
  /** Bytes that were digested. */
  at: number;
  isAtEnd: boolean;
}

/** Reads, or takes it for the end: whoever reads on from there is told what is wrong. */
function readOrNothing(fd: number, into: Uint8Array, at: number): number {
  try {
    return readSync(fd, into, 0, into.length, at);
  } catch {
    return 0;
  }
}

/** Makes what does the tasks of a queue, and reads files meanwhile. */
export function createWork(memory: QueueMemory): DigestWork {
  const streams = new Map<number, Hash>();
  const files = new Map<number, OpenedFile>();
  const blocks = new Map<number, ReturnType<typeof createBlockDigests>>();
  const streamOf = (digest: number) => {
    const hash = streams.get(digest) ?? createHash('sha256');
    streams.set(digest, hash);
    return hash;
  };
  let piece: Uint8Array | undefined;
  return {
    doTask({ kind, digest, offset, length }) {
      const bytes = memory.pieces.subarray(offset, offset + length);
      if (kind === KIND.stream) streamOf(digest).update(bytes);
      else if (kind === KIND.end) {
        endOf(memory).set(streamOf(digest).digest());
        streams.delete(digest);
      } else if (kind === KIND.file)
        files.set(digest, { hash: streamOf(digest), fd: offset, at: 0, isAtEnd: false });
      else if (kind === KIND.reached) {
        endOf(memory).writeDoubleLE(files.get(digest)?.at ?? 0);
        files.delete(digest);
      } else if (kind === KIND.salt) blocks.set(digest, createBlockDigests(bytes.slice()));
      else blocks.get(digest)?.(bytes, resultsOf(memory, offset));
    },
    goOn() {
      for (const file of files.values()) {
        if (file.isAtEnd) continue;
        piece ??= pageMemory(FILE_BYTES);
        const count = readOrNothing(file.fd, piece, file.at);
        file.hash.update(piece.subarray(0, count));
        file.at += count;
        file.isAtEnd = count === 0;
        return true;
      }
      return false;
    },
  };
}
