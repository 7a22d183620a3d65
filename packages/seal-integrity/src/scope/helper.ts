// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import type { LentFile } from '@latticra/held-files/anchor';
import { SealError } from '../error.js';
import { type BatchPart, type FileOutcome, unpackOutcomes } from './batch.js';
import { type FileSum, type News, type Numbered, ROLE, type Role, type Task } from './message.js';
import { createSlots, type Slots, slotsToDrain } from './slots.js';

/** A second thread that reads files through the first one's descriptors. */
export interface Helper {
  /** How many requests it has not answered yet. */
  readonly outstanding: number;
  /** Only with folders anchored in procfs. Rejects when the thread comes to an end. */
  read(parts: readonly BatchPart[]): Promise<FileOutcome[][]>;
  /**
   * Reads and hashes a large file, however its folder is held; one at a time.
   * @param onChunk shown each chunk on this thread, while that thread goes on. What it throws comes out in the end
   */
  sum(file: LentFile, onChunk: (chunk: Uint8Array) => void): Promise<FileSum>;
  end(): Promise<void>;
}

interface Call {
  /** Takes what the thread says, and returns whether that was all. */
  take(news: News): boolean;
  reject(reason: unknown): void;
}

/**
 * Starts the thread.
 * @param script whose main module calls {@link serveHelper} before anything else
 * @param denyContents of the manifest
 */
export function startHelper(script: string, denyContents: readonly (readonly string[])[]): Helper {
  const worker = new Worker(script, { workerData: { role: ROLE, denyContents } satisfies Role });
  const calls = new Map<number, Call>();
  let ended: { readonly reason: unknown } | undefined;
  let last = 0;
  let slots: Slots | undefined;
  const end = (reason: unknown) => {
    ended ??= { reason };
    for (const { reject } of calls.values()) reject(reason);
    calls.clear();
  };
  worker.on('message', ({ id, ...news }: Numbered<News>) => {
    try {
      if (calls.get(id)?.take(news) === true) calls.delete(id);
    } catch (error) {
      end(error);
    }
  });
  worker.on('error', (cause) => end(threadEnded(cause.message, cause)));
  worker.on('exit', (status) => end(threadEnded(`with status ${status}`)));
  const ask = <T>(task: Task, answered: (news: News) => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      if (ended !== undefined) throw ended.reason;
      const take = (news: News) => {
        const answer = answered(news);
        if (answer !== undefined) resolve(answer);
        return answer !== undefined;
      };
      last += 1;
      calls.set(last, { take, reject });
      worker.postMessage({ id: last, ...task } satisfies Numbered<Task>);
    });
  return {
    get outstanding() {
      return calls.size;
    },
    read: (parts) =>
      ask({ parts }, (news) => ('outcomes' in news ? news.outcomes.map(unpackOutcomes) : undefined)),
    async sum({ fd, path, stats }, onChunk) {
      slots ??= createSlots();
      const drain = slotsToDrain(slots);
      try {
        return await ask({ file: { fd, path, stats }, slots }, (news) => {
          if ('length' in news) drain(news.length, onChunk);
          return 'sum' in news ? news.sum : undefined;
        });
      } catch (error) {
        // It may be reading still, and the descriptor is about to be closed.
        await worker.terminate();
        throw error;
      }
    },
    end: async () => {
      await worker.terminate();
    },
  };
}

function threadEnded(how: string, cause?: unknown): SealError {
  return new SealError('unsafe', `the thread that reads files ended before it was done: ${how}`, {
    fix: 'see that there is memory enough, then run this again',
    cause,
  });
}
