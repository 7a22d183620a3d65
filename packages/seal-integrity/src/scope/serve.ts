// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { borrowFile, borrowFolder, type LentFile } from '@latticra/held-files/anchor';
import { markersOf } from '../policy/markers.js';
import { createMarkerScan } from '../policy/scan.js';
import { type BatchPart, packOutcomes } from './batch.js';
import { type FileSum, type News, type Numbered, ROLE, type Role, type Task } from './message.js';
import { CHUNK_BYTES, createFileReader, type FileReader, failureText, readPart } from './read-file.js';
import { type Slots, slotsToFill } from './slots.js';

/** In a thread that `startHelper` started: serves it, and returns true. Elsewhere false. */
export function serveHelper(): boolean {
  if (isMainThread || parentPort === null || !isRole(workerData)) return false;
  const port = parentPort;
  const reader = createFileReader(createMarkerScan(markersOf(workerData.denyContents), CHUNK_BYTES));
  port.on('message', ({ id, ...task }: Numbered<Task>) => {
    const say = (news: News) => port.postMessage({ id, ...news } satisfies Numbered<News>);
    if ('parts' in task) say({ outcomes: task.parts.map((part) => packOutcomes(readLent(reader, part))) });
    else say({ sum: sumLent(task.file, task.slots, (length) => say({ length })) });
  });
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

/** Hashes a file, and says of each chunk that it can be looked at. */
function sumLent(lent: LentFile, slots: Slots, onChunk: (length: number) => void): FileSum {
  try {
    const sum = createHash('sha256');
    for (const chunk of borrowFile(lent).chunks(slotsToFill(slots))) {
      onChunk(chunk.length);
      sum.update(chunk);
    }
    return { sha256: sum.digest('hex') };
  } catch (error) {
    return { failure: failureText(error) };
  }
}

function isRole(data: unknown): data is Role {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === ROLE;
}
