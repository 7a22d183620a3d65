// SPDX-License-Identifier: Apache-2.0
import { createHash, type Hash } from 'node:crypto';
import { createBlockDigests } from './blocks.js';
import { type DigestTask, endOf, KIND, type QueueMemory, resultsOf } from './queue.js';

/** Makes what does the tasks of a queue. */
export function createWork(memory: QueueMemory): (task: DigestTask) => void {
  const streams = new Map<number, Hash>();
  const blocks = new Map<number, ReturnType<typeof createBlockDigests>>();
  return ({ kind, digest, offset, length }) => {
    const bytes = memory.pieces.subarray(offset, offset + length);
    if (kind === KIND.stream) {
      const hash = streams.get(digest) ?? createHash('sha256');
      streams.set(digest, hash.update(bytes));
    } else if (kind === KIND.end) {
      endOf(memory).set((streams.get(digest) ?? createHash('sha256')).digest());
      streams.delete(digest);
    } else if (kind === KIND.salt) {
      blocks.set(digest, createBlockDigests(bytes.slice()));
    } else {
      blocks.get(digest)?.(bytes, resultsOf(memory, offset));
    }
  };
}
