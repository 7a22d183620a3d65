// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import { exhaustionOf } from '@latticra/failure';
import { SealError } from '../error.js';
import { type BatchPart, type FileOutcome, unpackOutcomes } from './batch.js';
import { type Answer, type Numbered, ROLE, type Role, type Task } from './message.js';

/** A second thread that works beside the first one. All of its answers reject with SealError `unsafe` when it ends. */
export interface Helper {
  /** The number of requests that it has not answered yet. */
  readonly outstanding: number;
  /** Whether it has answered any: until then it is starting, and may ask the system where the process is. */
  readonly hasAnswered: boolean;
  /** Reads files through the descriptors of their folders, which are anchored in procfs. */
  read(parts: readonly BatchPart[]): Promise<FileOutcome[][]>;
  end(): Promise<void>;
}

interface Call {
  take(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Starts the thread.
 * @param script whose main module calls `serveHelper` before anything else
 * @param denyContents of the manifest
 */
export function startHelper(script: string, denyContents: readonly (readonly string[])[]): Helper {
  const worker = new Worker(script, { workerData: { role: ROLE, denyContents } satisfies Role });
  const calls = new Map<number, Call>();
  let ended: SealError | undefined;
  let last = 0;
  let hasAnswered = false;
  const end = (reason: SealError) => {
    ended ??= reason;
    for (const { reject } of calls.values()) reject(ended);
    calls.clear();
  };
  worker.on('message', ({ id, ...answer }: Numbered<Answer>) => {
    hasAnswered = true;
    calls.get(id)?.take(answer);
    calls.delete(id);
  });
  worker.on('error', (cause) => end(broken(cause.message, cause)));
  worker.on('exit', (status) => end(broken(`ended with status ${status}`)));
  return {
    get outstanding() {
      return calls.size;
    },
    get hasAnswered() {
      return hasAnswered;
    },
    read: (parts) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) throw ended;
        const take = (answer: Answer) => {
          if ('outcomes' in answer) resolve(answer.outcomes.map(unpackOutcomes));
          else reject(broken('gave another answer than it was asked for'));
        };
        last += 1;
        calls.set(last, { take, reject });
        worker.postMessage({ id: last, parts } satisfies Numbered<Task>);
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

function broken(how: string, cause?: unknown): SealError {
  return new SealError('unsafe', `the second thread did not do its work: ${how}`, {
    fix: exhaustionOf(cause)?.fix ?? 'see that there is memory enough, then run this again',
    cause,
  });
}
