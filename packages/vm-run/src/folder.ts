// SPDX-License-Identifier: Apache-2.0
import { rmSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HeldFileError } from '@latticra/held-files';

/**
 * Gives `use` an empty folder under `parent` that only this user can enter, and removes it afterwards,
 * also when the process is about to exit.
 * @throws HeldFileError `cannot-create`
 */
export async function withPrivateFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, '.boot-')).catch((cause: Error) => {
    throw new HeldFileError('cannot-create', parent, `no folder can be made in it: ${cause.message}`, {
      cause,
    });
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

/** The first `maxBytes` bytes of a file that we let something else write; none where it wrote none. */
export async function readStart(path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
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
