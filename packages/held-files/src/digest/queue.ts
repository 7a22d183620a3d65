// SPDX-License-Identifier: Apache-2.0
import { sharedPageMemory } from '../page-memory.js';

/** The bytes of one piece of memory, and how many each of the supplies has: enough that no side waits for the other's next step. */
export const PIECE_BYTES = 1 << 20;
export const PIECES = 4;
/** Two that are filled side by side, and one for what lies elsewhere. */
export const SUPPLIES = 3;

/** What a block digest is over, and what it takes. */
export const BLOCK_BYTES = 4096;
export const DIGEST_BYTES = 32;
/** The digests of a piece. */
const RESULT_BYTES = (PIECE_BYTES / BLOCK_BYTES) * DIGEST_BYTES;

/** What a thread reads of a file before it looks for tasks again: a millisecond or two. */
export const FILE_BYTES = 2 << 20;

/** Tasks that wait at the same time; each is four words. */
const TASKS = 64;
const TASK_WORDS = 4;

/** What is to be done with bytes: see `createWork`. */
export const KIND = { stream: 0, end: 1, salt: 2, blocks: 3, file: 4, reached: 5 } as const;

/** A task: which digest goes on with which bytes of the pieces; or, of a file, the descriptor in the place of where they lie. */
export interface DigestTask {
  readonly kind: number;
  readonly digest: number;
  readonly offset: number;
  readonly length: number;
}

/** The memory of one thread: counters, tasks, and what came of them. That of the pieces is for all. */
export interface QueueMemory {
  readonly counters: Int32Array;
  readonly tasks: Int32Array;
  readonly results: Uint8Array;
  readonly pieces: Uint8Array;
}

const COUNTER = { pushed: 0, done: 1, failed: 2 } as const;

/** Makes shared memory for the pieces of all threads. */
export const createPieces = (): Uint8Array => sharedPageMemory(SUPPLIES * PIECES * PIECE_BYTES);

/** Makes the memory of one thread. */
export function createQueueMemory(pieces: Uint8Array): QueueMemory {
  return {
    counters: new Int32Array(new SharedArrayBuffer(3 * 4)),
    tasks: new Int32Array(new SharedArrayBuffer(TASKS * TASK_WORDS * 4)),
    results: new Uint8Array(new SharedArrayBuffer(SUPPLIES * PIECES * RESULT_BYTES + DIGEST_BYTES)),
    pieces,
  };
}

/** Returns where the digests of the blocks of a piece go. */
export const resultsOf = ({ results }: QueueMemory, offset: number): Uint8Array =>
  results.subarray(Math.floor(offset / PIECE_BYTES) * RESULT_BYTES).subarray(0, RESULT_BYTES);

/** Returns where the digest of a stream goes, and how many bytes of a file were reached, a number of 64 bits. */
export const endOf = ({ results }: QueueMemory): Buffer =>
  Buffer.from(results.buffer, results.byteOffset + results.length - DIGEST_BYTES, DIGEST_BYTES);

/**
 * Hands a task over, and returns its number, from 1 on. The caller makes sure that there is room: that of all before it
 * fewer than {@link TASKS} are not done.
 */
export function push({ counters, tasks }: QueueMemory, task: DigestTask): number {
  const number = Atomics.load(counters, COUNTER.pushed);
  const at = (number & (TASKS - 1)) * TASK_WORDS;
  tasks.set([task.kind, task.digest, task.offset, task.length], at);
  Atomics.store(counters, COUNTER.pushed, number + 1);
  Atomics.notify(counters, COUNTER.pushed);
  return number + 1;
}

/** Returns the last task that has to be done before there is room for one more. */
export const roomAfter = ({ counters }: QueueMemory): number =>
  Atomics.load(counters, COUNTER.pushed) - TASKS + 1;

/**
 * Waits until a task is done. This thread does nothing meanwhile, and hears nothing.
 * @returns false when the thread failed, or did none for `patience` milliseconds
 */
export function waitFor({ counters }: QueueMemory, task: number, patience: number): boolean {
  for (let left = patience; ; ) {
    const done = Atomics.load(counters, COUNTER.done);
    if (Atomics.load(counters, COUNTER.failed) !== 0) return false;
    if (done >= task) return true;
    // In short steps: a process that was stopped for a while has waited one of them.
    const step = Math.min(left, 1000);
    if (Atomics.wait(counters, COUNTER.done, done, step) === 'timed-out') left -= step;
    else left = patience;
    if (left <= 0) return false;
  }
}

/** What a thread does. */
export interface DigestWork {
  /** Does what somebody waits for. */
  doTask(task: DigestTask): void;
  /** Goes on for a while with what can be done ahead of the next task; returns whether there was any. */
  goOn(): boolean;
}

/** Takes tasks one after the other, and goes on with files, or waits, where there is none. It does not return, but when one fails. */
export function serve(memory: QueueMemory, { doTask, goOn }: DigestWork): void {
  const { counters, tasks } = memory;
  try {
    for (let number = 0; ; number++) {
      while (Atomics.load(counters, COUNTER.pushed) === number)
        if (!goOn()) Atomics.wait(counters, COUNTER.pushed, number);
      const at = (number & (TASKS - 1)) * TASK_WORDS;
      const [kind = 0, digest = 0, offset = 0, length = 0] = tasks.subarray(at, at + TASK_WORDS);
      doTask({ kind, digest, offset, length });
      Atomics.store(counters, COUNTER.done, number + 1);
      Atomics.notify(counters, COUNTER.done);
    }
  } finally {
    Atomics.store(counters, COUNTER.failed, 1);
    Atomics.notify(counters, COUNTER.done);
  }
}
