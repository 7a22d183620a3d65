// SPDX-License-Identifier: Apache-2.0
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { borrowFolder } from '@latticra/held-files/anchor';
import { markersOf } from '../policy/markers.js';
import {
  type BatchPart,
  type FileOutcome,
  type PackedOutcomes,
  packOutcomes,
  unpackOutcomes,
} from './batch.js';
import { createFileReader, readPart } from './read-file.js';

/** A second thread that reads files through the first one's descriptors. */
export interface Helper {
  /** How many requests it has not answered yet. */
  readonly outstanding: number;
  /** Rejects when the thread comes to an end. */
  read(parts: readonly BatchPart[]): Promise<FileOutcome[][]>;
  end(): Promise<void>;
}

/** What tells a thread that it was started by {@link startHelper}. */
const ROLE = 'latticra-seal-helper';

interface Role {
  readonly role: typeof ROLE;
  readonly denyContents: readonly (readonly string[])[];
}

interface Request {
  readonly id: number;
  readonly parts: readonly BatchPart[];
}

interface Answer {
  readonly id: number;
  readonly outcomes: PackedOutcomes[];
}

/**
 * Starts the thread. Only with folders anchored in procfs: a thread has no working directory of its own.
 * @param script whose main module calls {@link serveHelper} before anything else
 * @param denyContents of the manifest
 */
export function startHelper(script: string, denyContents: readonly (readonly string[])[]): Helper {
  const worker = new Worker(script, { workerData: { role: ROLE, denyContents } satisfies Role });
  const waiting = new Map<
    number,
    { resolve(outcomes: FileOutcome[][]): void; reject(reason: unknown): void }
  >();
  let last = 0;
  const fail = (reason: unknown) => {
    for (const { reject } of waiting.values()) reject(reason);
    waiting.clear();
  };
  worker.on('message', ({ id, outcomes }: Answer) => {
    waiting.get(id)?.resolve(outcomes.map(unpackOutcomes));
    waiting.delete(id);
  });
  worker.on('error', fail);
  worker.on('exit', (status) => fail(new Error(`the helper thread ended with ${status}`)));
  return {
    get outstanding() {
      return waiting.size;
    },
    read: (parts) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        worker.postMessage({ id: last, parts } satisfies Request);
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

/** In a thread that {@link startHelper} started: serves it, and returns true. Elsewhere false. */
export function serveHelper(): boolean {
  if (isMainThread || parentPort === null || !isRole(workerData)) return false;
  const port = parentPort;
  const reader = createFileReader(markersOf(workerData.denyContents));
  port.on('message', ({ id, parts }: Request) => {
    const outcomes = parts.map((part) => {
      const folder = borrowFolder(part.folder);
      try {
        return readPart(reader, folder, part);
      } finally {
        folder.close();
      }
    });
    port.postMessage({ id, outcomes: outcomes.map(packOutcomes) } satisfies Answer);
  });
  return true;
}

function isRole(data: unknown): data is Role {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === ROLE;
}
