// SPDX-License-Identifier: Apache-2.0
/** What runs in a thread that digests: see `there.ts`. */
import { workerData } from 'node:worker_threads';
import { type QueueMemory, serve } from './queue.js';
import { createWork } from './work.js';

const memory = workerData as QueueMemory;
serve(memory, createWork(memory));
