// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads';
import { type EmulatorParts, startKernel } from './emulator.js';
import type { EmulatorMessage, EmulatorWork } from './message.js';
import { createTextScreen } from './screen.js';

const post = (message: EmulatorMessage) => parentPort?.postMessage(message);

/**
 * Runs the kernel that the thread was given, and tells what comes of it.
 * @param load loads the emulator; what it rejects with is an error of the thread
 */
export async function runThread(load: (work: EmulatorWork) => Promise<EmulatorParts>): Promise<void> {
  const work = workerData as EmulatorWork;
  const { kernel, serial, serialLength, screen } = work;
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: Uint8Array | string) => {
      post({ kind: 'output', text: Buffer.from(chunk).toString() });
      return true;
    };
  }
  const bytes = new Uint8Array(serial);
  const written = new Int32Array(serialLength);
  let count = 0;
  const parts = await load(work);
  await startKernel(parts, kernel, {
    onLoaded: () => post({ kind: 'running', version: parts.version }),
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
}
