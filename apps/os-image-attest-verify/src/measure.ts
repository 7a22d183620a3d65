// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { Subject } from '@latticra/attestation';
import { bytesIn, measureFile } from '@latticra/held-files';
import type { Tracker } from '@latticra/manifest';

/** Measures files, under the names that they were given by. @throws HeldFileError */
export async function measureAll(
  paths: readonly string[],
  { cwd, progress }: { readonly cwd: string; readonly progress: Tracker },
): Promise<Subject[]> {
  const files: Subject[] = [];
  for (const path of paths) {
    const { sha256 } = await progress.track(
      `measuring ${path}`,
      (onBytes) => measureFile(resolve(cwd, path), { onBytes }),
      () => bytesIn(resolve(cwd, path)),
    );
    files.push({ name: path, sha256 });
  }
  return files;
}
