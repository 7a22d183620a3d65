// SPDX-License-Identifier: Apache-2.0
/**
 * The script of the thread that v86 runs in. It reaches the thread as one text with all that it imports, so that nothing
 * has to lie beside a bundled app, and no other thread ever holds the emulator.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { startKernel, V86_VERSION } from './emulator.js';
import type { EmulatorMessage, EmulatorWork } from './message.js';
import { createTextScreen } from './screen.js';

const { kernel, serial, serialLength, screen } = workerData as EmulatorWork;
const post = (message: EmulatorMessage) => parentPort?.postMessage(message);
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: Uint8Array | string) => {
    post({ kind: 'output', text: Buffer.from(chunk).toString() });
    return true;
  };
}
const bytes = new Uint8Array(serial);
const written = new Int32Array(serialLength);
let count = 0;
// What it rejects with is an error of the thread.
void startKernel(kernel, {
  onLoaded: () => post({ kind: 'running', version: V86_VERSION }),
  onSerial(byte) {
    if (count < bytes.length) {
      bytes[count] = byte;
      Atomics.store(written, 0, count + 1);
    } else if (count === bytes.length) post({ kind: 'flood' });
    count += 1;
  },
  onScreen: createTextScreen(new Uint8Array(screen)).put,
  onExit: (value) => post({ kind: 'exit', value }),
});
