// SPDX-License-Identifier: Apache-2.0
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { borrowFolder } from '@latticra/held-files/anchor';
import { markersOf } from '../policy/markers.js';
import { createMarkerScan } from '../policy/scan.js';
import { type BatchPart, packOutcomes } from './batch.js';
import { type Answer, type Numbered, ROLE, type Role, type Task } from './message.js';
import { CHUNK_BYTES, createFileReader, type FileReader, readPart } from './read-file.js';

/** Serves as the second thread in one that `startHelper` started, and returns true; returns false elsewhere. */
export function serveHelper(): boolean {
  if (isMainThread || parentPort === null || !isRole(workerData)) return false;
  const port = parentPort;
  const reader = createFileReader(createMarkerScan(markersOf(workerData.denyContents), CHUNK_BYTES));
  const work = ({ parts }: Task): Answer => ({
    outcomes: parts.map((part) => packOutcomes(readLent(reader, part))),
  });
  port.on('message', ({ id, ...task }: Numbered<Task>) =>
    port.postMessage({ id, ...work(task) } satisfies Numbered<Answer>),
  );
  return true;
}

function readLent(reader: FileReader, part: BatchPart) {
  const folder = borrowFolder(part.folder);
  try {
    return readPart(reader, folder, part);
  } finally {
    folder.close();
  }
}

function isRole(data: unknown): data is Role {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === ROLE;
}
