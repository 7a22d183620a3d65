// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '@latticra/failure';
import { ensureFolder, HeldFileError } from '@latticra/held-files';

const unwritable = (folder: string, cause: Error) =>
  new HeldFileError('cannot-create', folder, `cannot be written to: ${cause.message}`, { cause });

/**
 * Gives `use` an empty folder under `parent` that only this user can enter, and removes it afterwards,
 * also when the process is about to exit.
 * @throws HeldFileError `cannot-create`
 */
export async function withPrivateFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, '.boot-')).catch((cause: Error) => {
    throw unwritable(parent, cause);
  });
  const removeNow = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', removeNow);
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', removeNow);
  }
}

const OUTPUTS = ['serial.log', 'qemu.log', 'qemu-argv.txt', 'screenshot.png', 'screenshot.txt'];

/**
 * Makes the output folder, and removes the files that an earlier run left, so that nobody takes them for this run's.
 * @throws HeldFileError `cannot-create`
 */
export async function prepareOutput(outputDir: string): Promise<void> {
  await ensureFolder(outputDir);
  await Promise.all(OUTPUTS.map((name) => rm(join(outputDir, name), { force: true }))).catch(
    (cause: Error) => {
      throw unwritable(outputDir, cause);
    },
  );
}

/** Reads the first `maxBytes` bytes of a file that another program writes; none where it wrote none. */
export async function readStart(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return new Uint8Array();
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(new Uint8Array(Math.min(size, maxBytes)));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
