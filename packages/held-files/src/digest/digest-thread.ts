// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import { exhaustionOf } from '@latticra/failure';
import { HeldFileError } from '../error.js';
import {
  createQueueMemory,
  type DigestTask,
  endOf,
  push,
  type QueueMemory,
  roomAfter,
  waitFor,
} from './queue.js';
import script from './thread.js?bundle';

/** A thread that digests. */
export interface DigestThread {
  readonly memory: QueueMemory;
  /** Hands a task over, and returns its number. @throws HeldFileError `io` */
  push(task: DigestTask): number;
  /** Waits until that task is done. @throws HeldFileError `io` */
  wait(task: number): void;
  /** Returns the digest of the stream that was ended last. */
  end(): string;
  /** Returns how many bytes were reached of the file that was ended last. */
  reached(): number;
  close(): Promise<void>;
}

/** How long it may take over one piece, in milliseconds; it takes less than one. */
const PATIENCE = 60_000;

/** Starts a thread. @param pieces shared memory, as `createPieces` makes it */
export function createDigestThread(pieces: Uint8Array): DigestThread {
  const memory = createQueueMemory(pieces);
  // No flag of this process is the thread's, and none of its streams are ours.
  const alone = { argv: [], execArgv: [], env: {}, stdout: true, stderr: true };
  const worker = new Worker(script, { eval: true, workerData: memory, ...alone });
  // Whoever forgets it is not kept from ending.
  worker.unref();
  let cause: unknown;
  worker.on('error', (error) => {
    cause = error;
  });
  const wait = (task: number) => {
    if (waitFor(memory, task, PATIENCE)) return;
    throw new HeldFileError('io', 'digests', 'the thread that makes them did not do its work', {
      cause,
      fix: exhaustionOf(cause)?.fix ?? 'see that there is memory enough, then run this again',
    });
  };
  return {
    memory,
    push(task) {
      wait(roomAfter(memory));
      return push(memory, task);
    },
    wait,
    end: () => endOf(memory).toString('hex'),
    reached: () => endOf(memory).readDoubleLE(),
    close: async () => {
      await worker.terminate();
    },
  };
}
