// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { measureFile, writeFileAtomic } from '@latticra/held-files';
import { VmRunError } from '../error.js';
import { prepareOutput } from '../folder.js';
import { type BootImageFormat, readImageKernel } from '../kernel.js';
import { MAX_SERIAL_BYTES } from '../limits.js';
import type { BootEnd, BootObservation } from '../observation.js';
import { readSerial } from '../serial.js';
import { hasMultiboot1 } from './multiboot.js';
import { createTextScreen } from './screen.js';

/** One image whose kernel is to run in the embedded emulator. */
export interface EmbeddedBootRequest {
  readonly image: { readonly path: string; readonly format: BootImageFormat };
  /** The folder that takes `serial.log` and `screenshot.txt`. */
  readonly outputDir: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The result of a run in the emulator, kept in memory. */
interface EmbeddedRun {
  readonly end: BootEnd;
  readonly durationMs: number;
  readonly version: string;
  readonly serial: Uint8Array;
  readonly screen: string;
}

/**
 * Takes the kernel out of an image and boots it in v86, which loads it by Multiboot: no firmware and no loader
 * of the image has a part in it.
 * @throws VmRunError `no-kernel`, `emulator-failed`, `interrupted`
 * @throws HeldFileError when image or output folder cannot be used
 */
export async function observeEmbeddedBoot(request: EmbeddedBootRequest): Promise<BootObservation> {
  const outputDir = resolve(request.outputDir);
  const path = resolve(request.image.path);
  const imageBefore = await measureFile(path);
  const kernel = await readImageKernel(path, request.image.format);
  if (!hasMultiboot1(kernel)) {
    throw new VmRunError(
      'no-kernel',
      `${path}: its kernel has no Multiboot 1 header, by which v86 loads it`,
      {
        fix: 'boot it in QEMU',
      },
    );
  }
  await prepareOutput(outputDir);
  const run = await runKernel(kernel, request.timeoutMs, request.signal);
  const [serialLog, screenshot] = await Promise.all([
    writeFileAtomic(join(outputDir, 'serial.log'), run.serial),
    writeFileAtomic(join(outputDir, 'screenshot.txt'), run.screen),
  ]);
  const serial = readSerial(run.serial);
  return {
    emulator: 'v86',
    emulatorVersion: run.version,
    end: run.end,
    durationMs: run.durationMs,
    imageBefore,
    imageAfter: await measureFile(path),
    serialLog,
    serialLines: serial.lines,
    serialRest: serial.rest,
    screenshotPath: screenshot.path,
    qemu: undefined,
  };
}

async function runKernel(
  kernel: Uint8Array,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<EmbeddedRun> {
  const started = performance.now();
  const { startKernel, V86_VERSION } = await import('./emulator.js'); // megabytes that only this needs
  const serial: number[] = [];
  const screen = createTextScreen();
  let release = () => {};
  const ended = new Promise<BootEnd>((resolve, reject) => {
    const interrupt = () => reject(new VmRunError('interrupted', 'the boot was interrupted'));
    const timer = setTimeout(resolve, timeoutMs, { kind: 'timeout', timeoutMs } satisfies BootEnd);
    signal?.addEventListener('abort', interrupt);
    if (signal?.aborted) interrupt();
    const stop = startKernel(kernel, {
      onSerial(byte) {
        if (serial.length < MAX_SERIAL_BYTES) serial.push(byte);
        else resolve({ kind: 'flood', limitBytes: MAX_SERIAL_BYTES });
      },
      onScreen: screen.put,
      // What QEMU's isa-debug-exit makes of the value.
      onExit: (value) => resolve({ kind: 'exit', code: ((value << 1) | 1) & 0xff }),
    });
    stop.catch(reject);
    release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
      stop.then(
        (stopNow) => stopNow(),
        () => {}, // it never started
      );
    };
  });
  try {
    const end = await ended;
    return {
      end,
      durationMs: Math.round(performance.now() - started),
      version: V86_VERSION,
      serial: Uint8Array.from(serial),
      screen: screen.text(),
    };
  } finally {
    release();
  }
}
