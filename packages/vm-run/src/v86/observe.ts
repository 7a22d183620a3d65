// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from 'node:path';
import { measureFile, writeFileAtomic } from '@latticra/held-files';
import { prepareOutput } from '../folder.js';
import { type BootImageFormat, measureImage } from '../image.js';
import { readImageKernel } from '../kernel.js';
import { MAX_SERIAL_BYTES } from '../limits.js';
import type { BootObservation } from '../observation.js';
import type { FindOwnParts } from '../own.js';
import { readSerial } from '../serial.js';
import { assertLoadable } from './loadable.js';
import { createTextScreen, SCREEN_BYTES } from './screen.js';
import { runEmulator } from './thread.js';

/** One image whose kernel is to run in the embedded emulator. */
export interface EmbeddedBootRequest {
  readonly image: { readonly path: string; readonly format: BootImageFormat };
  /** The folder that takes `serial.log` and `screenshot.txt`. */
  readonly outputDir: string;
  readonly timeoutMs: number;
  /** Says what of the image is the seed's own, for the observation; without it nobody looks. */
  readonly findOwnParts?: FindOwnParts;
  readonly signal?: AbortSignal;
}

/**
 * Takes the kernel out of an image and boots it in v86, which loads it by Multiboot: no firmware and no loader
 * of the image has a part in it. The emulator runs in a thread of its own, and is gone afterwards.
 * @throws VmRunError `bad-image`; `no-kernel` for a kernel that v86 could not load; `emulator-missing`, `emulator-failed`,
 *   `interrupted`
 * @throws HeldFileError when image or output folder cannot be used
 */
export async function observeEmbeddedBoot(request: EmbeddedBootRequest): Promise<BootObservation> {
  const outputDir = resolve(request.outputDir);
  const path = resolve(request.image.path);
  const image = await measureImage(path, request.image.format, request.findOwnParts);
  const kernel = await readImageKernel(path, request.image.format);
  assertLoadable(path, kernel);
  await prepareOutput(outputDir);
  const serial = new Uint8Array(new SharedArrayBuffer(MAX_SERIAL_BYTES));
  const serialLength = new Int32Array(new SharedArrayBuffer(4));
  const cells = new Uint8Array(new SharedArrayBuffer(SCREEN_BYTES));
  const work = {
    kernel,
    serial: serial.buffer,
    serialLength: serialLength.buffer,
    screen: cells.buffer,
  };
  const ran = runEmulator(work, request.timeoutMs, request.signal);
  // What the guest wrote is kept, however the emulator came to its end.
  await ran.catch(() => {});
  const log = Uint8Array.from(serial.subarray(0, Atomics.load(serialLength, 0)));
  const [serialLog, screenshot] = await Promise.all([
    writeFileAtomic(join(outputDir, 'serial.log'), log),
    writeFileAtomic(join(outputDir, 'screenshot.txt'), createTextScreen(cells).text()),
  ]);
  const { end, version, durationMs } = await ran;
  const { lines, rest, erased } = readSerial(log);
  return {
    emulator: 'v86',
    emulatorVersion: version,
    end,
    durationMs,
    imageBefore: image.measurement,
    imageAfter: await measureFile(path),
    own: image.own,
    serialLog,
    serialLines: lines,
    serialRest: rest,
    serialErased: erased,
    phases: { firmware: undefined, loader: undefined, kernel: undefined, init: undefined, end: durationMs },
    screenshotPath: screenshot.path,
    qemu: undefined,
  };
}
