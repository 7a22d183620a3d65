// SPDX-License-Identifier: Apache-2.0
/** The script of the thread that v86 runs in, without v86: it loads the one that is installed. */
import { readFile } from 'node:fs/promises';
import { runThread } from './run-thread.js';

void runThread(async ({ installed }) => {
  if (installed === undefined) throw new TypeError('nobody said where v86 is installed');
  const { V86 } = await import(installed.module);
  return { V86, wasm: Uint8Array.from(await readFile(installed.wasm)), version: installed.version };
});
