// SPDX-License-Identifier: Apache-2.0
import { Worker } from 'node:worker_threads';
import { exhaustionOf } from '@latticra/failure';
import { VmRunError } from '../error.js';
import type { BootEnd } from '../observation.js';
import type { EmulatorMessage, EmulatorWork } from './message.js';
import { type EmulatorScript, emulatorScript } from './script.js';

/** The end of a run in the emulator. */
export interface EmulatorRun {
  readonly end: BootEnd;
  readonly durationMs: number;
  /** The version of v86. */
  readonly version: string;
}

/**
 * Runs a kernel in v86, in a thread that is ended afterwards. Whatever the thread does, nothing of it reaches stdout or
 * stderr of this process.
 * @throws VmRunError `emulator-failed` when the emulator throws, ends, writes text of its own or never starts the
 *   kernel; `emulator-missing` where a library has none beside it; `interrupted`
 */
export async function runEmulator(
  work: EmulatorWork,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  load: () => Promise<EmulatorScript> = emulatorScript,
): Promise<EmulatorRun> {
  const { script, installed } = await load();
  return watchThread(script, { ...work, installed }, timeoutMs, signal);
}

/** The time that the emulator may take to load a kernel; the guest's own begins with its first instruction. */
const START_LIMIT_MS = 60_000;

/** Does what {@link runEmulator} does, with a script of CommonJS that is given. */
export async function watchThread(
  script: string,
  work: EmulatorWork,
  timeoutMs: number,
  signal?: AbortSignal,
  startLimitMs = START_LIMIT_MS,
): Promise<EmulatorRun> {
  const started = performance.now();
  let version: string | undefined;
  // No flag of this process is the thread's, and none of its streams are ours.
  const worker = new Worker(script, {
    eval: true,
    workerData: work,
    argv: [],
    execArgv: [],
    env: {},
    stdout: true,
    stderr: true,
  });
  let release = () => {};
  const ended = new Promise<BootEnd>((resolve, reject) => {
    const fail = (what: string, cause?: unknown) => reject(failed(what, cause));
    const interrupt = () => reject(new VmRunError('interrupted', 'the boot was interrupted'));
    let timer = setTimeout(fail, startLimitMs, `did not start the kernel within ${startLimitMs / 1000} s`);
    signal?.addEventListener('abort', interrupt);
    if (signal?.aborted) interrupt();
    release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
    };
    worker.on('error', (cause: unknown) => fail(`stopped: ${textOf(cause)}`, cause));
    worker.on('messageerror', (cause) => fail(`sent what cannot be read: ${textOf(cause)}`, cause));
    worker.on('exit', (status) => fail(`ended with status ${status} before the guest did`));
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.on('data', (chunk: Buffer) => fail(`says: ${textOf(chunk)}`));
    }
    worker.on('message', (message: EmulatorMessage) => {
      if (message.kind === 'running') {
        version = message.version;
        clearTimeout(timer);
        timer = setTimeout(resolve, timeoutMs, { kind: 'timeout', timeoutMs } satisfies BootEnd);
      }
      if (message.kind === 'output') fail(`says: ${textOf(message.text)}`);
      if (message.kind === 'flood') resolve({ kind: 'flood', limitBytes: work.serial.byteLength });
      // What QEMU's isa-debug-exit makes of the value.
      if (message.kind === 'exit') resolve({ kind: 'exit', code: ((message.value << 1) | 1) & 0xff });
    });
  });
  try {
    const end = await ended;
    if (version === undefined) throw failed('reports the end of a guest that it never started');
    return { end, version, durationMs: Math.round(performance.now() - started) };
  } finally {
    release();
    await worker.terminate();
  }
}

const failed = (what: string, cause?: unknown) =>
  new VmRunError('emulator-failed', `v86 ${what}`, {
    cause,
    fix: exhaustionOf(cause)?.fix ?? 'boot the image in QEMU',
  });

/** Returns the beginning of what was thrown or written, as one line that moves no cursor. */
function textOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 200);
}
