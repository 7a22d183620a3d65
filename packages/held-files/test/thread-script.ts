// SPDX-License-Identifier: Apache-2.0
/** Another thread: reads the file `f` in a folder that the main thread holds, and tries to hold one by `cwd`. */
import { parentPort, workerData } from 'node:worker_threads';
import { borrowFolder, openAnchor } from '../src/anchor/index.js';
import { HeldFileError } from '../src/index.js';

const folder = borrowFolder(workerData);
const file = folder.openFile('f');
parentPort?.postMessage(file.bytes(100).toString());
file.close();
folder.close();
try {
  openAnchor('.', { anchoring: 'cwd' });
} catch (error) {
  parentPort?.postMessage(error instanceof HeldFileError ? error.code : `${error}`);
}
