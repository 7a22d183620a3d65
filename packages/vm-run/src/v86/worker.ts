// SPDX-License-Identifier: Apache-2.0
/**
 * The script of the thread that v86 runs in, with v86 inside: for a command, beside which nothing is installed. It reaches the
 * thread as one text with all that it imports, and no other thread ever holds the emulator.
 */
import { V86 } from 'v86';
import wasm from 'v86/build/v86.wasm';
import manifest from 'v86/package.json' with { type: 'json' };
import { runThread } from './run-thread.js';

void runThread(async () => ({ V86, wasm: Uint8Array.from(wasm), version: manifest.version }));
