// SPDX-License-Identifier: Apache-2.0
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { ensureFolder, readFailure, writeFailure } from '@latticra/held-files';

const OUTPUTS = ['serial.log', 'qemu.log', 'qemu-argv.txt', 'screenshot.png', 'screenshot.txt'];

/**
 * Makes the output folder, and removes the files that an earlier run left, so that nobody takes them for this run's.
 * @throws HeldFileError `cannot-create`, `io`
 */
export async function prepareOutput(outputDir: string): Promise<void> {
  await ensureFolder(outputDir);
  for (const path of OUTPUTS.map((name) => join(outputDir, name))) {
    await rm(path, { force: true }).catch((error: unknown) => {
      throw writeFailure(path, error);
    });
  }
}

/**
 * Reads the first `maxBytes` bytes of a file that another program writes; none where it wrote none.
 * @throws HeldFileError `unreadable`, `io`
 */
export async function readStart(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw readFailure(path, error);
  });
  if (file === undefined) return new Uint8Array();
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(size, maxBytes)));
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    await file.close();
  }
}
