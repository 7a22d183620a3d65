// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Answer, PROGRESS, type Work } from './work.js';

/** What is asked of a thread. */
export type Request = Omit<Work, 'current' | 'progress'>;

/** One input may take as long as nothing that ends would on any machine, and memory for what no reader keeps. */
const LIMITS = { hangMs: 120_000, heapMib: 1024 };
const ROOM_BYTES = 32 << 20;

/**
 * Runs targets in a thread, and ends that when one input keeps it for ever, or takes all its memory. Returns what came of
 * each; after one that the thread was lost in there are no others.
 */
export function runTargets(
  script: string,
  request: Request,
  { hangMs, heapMib } = LIMITS,
): Promise<readonly Answer[]> {
  const current = new SharedArrayBuffer(ROOM_BYTES);
  const shared = new SharedArrayBuffer(4 * PROGRESS.length);
  const progress = new Int32Array(shared);
  const answers: Answer[] = [];
  // What readers and targets leave in it goes with the thread, however that ends.
  const temporary = mkdtempSync(join(tmpdir(), 'fuzz-'));
  return new Promise((resolve) => {
    const work: Work = { ...request, current, progress: shared };
    const worker = new Worker(script, {
      workerData: work,
      env: { ...process.env, TMPDIR: temporary },
      execArgv: ['--enable-source-maps'],
      resourceLimits: { maxOldGenerationSizeMb: heapMib },
    });
    let last = 0;
    let since = Date.now();
    const end = () => {
      clearInterval(timer);
      rmSync(temporary, { recursive: true, force: true });
      resolve(answers);
    };
    /** Adds the finding of a thread that cannot tell it any more. */
    const lose = (fault: string, stack = '') => {
      const bytes = new Uint8Array(current).slice(0, Atomics.load(progress, PROGRESS.bytes));
      const target = request.targets[Atomics.load(progress, PROGRESS.target)] ?? '';
      const runs = Atomics.load(progress, PROGRESS.runs) - answers.reduce((sum, done) => sum + done.runs, 0);
      answers.push({
        target,
        runs,
        branches: [],
        soundBranches: [],
        corpus: 0,
        findings: [{ fault, stack, bytes }],
      });
      end();
    };
    const timer = setInterval(
      () => {
        const now = Atomics.load(progress, PROGRESS.runs);
        if (now !== last) {
          last = now;
          since = Date.now();
        } else if (Date.now() - since > hangMs) {
          worker.removeAllListeners();
          void worker.terminate();
          lose(`does not end within ${hangMs / 1000} s`);
        }
      },
      Math.min(500, hangMs / 4),
    );
    worker.on('message', (answer: Answer) => answers.push(answer));
    worker.once('error', (error) => {
      worker.removeAllListeners();
      lose(`ends its thread: ${error.message}`, error.stack);
    });
    worker.once('exit', (code) =>
      answers.length === request.targets.length ? end() : lose(`ends its thread with status ${code}`),
    );
  });
}

/** Returns the names of all targets. */
export function targetNames(script: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    new Worker(script).once('message', resolve).once('error', reject);
  });
}
