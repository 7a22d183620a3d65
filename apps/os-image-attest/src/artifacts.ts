// SPDX-License-Identifier: Apache-2.0
import { basename, resolve } from 'node:path';
import type { Subject } from '@latticra/attestation';
import { bytesIn, measureFile } from '@latticra/held-files';
import { LaneError } from '@latticra/lane';
import type { Tracker } from '@latticra/manifest';

/** Measures files, each of which is a subject by its own name. @throws LaneError `usage` for two of one name; HeldFileError */
export async function measureArtifacts(
  paths: readonly string[],
  { cwd, progress }: { readonly cwd: string; readonly progress: Tracker },
): Promise<Subject[]> {
  const artifacts: Subject[] = [];
  for (const path of paths) {
    const name = basename(path);
    if (artifacts.some((other) => other.name === name)) {
      throw new LaneError('usage', `--artifact: two files are called ${JSON.stringify(name)}`);
    }
    const { sha256 } = await progress.track(
      `measuring ${path}`,
      (onBytes) => measureFile(resolve(cwd, path), { onBytes }),
      () => bytesIn(resolve(cwd, path)),
    );
    artifacts.push({ name, sha256 });
  }
  return artifacts;
}
