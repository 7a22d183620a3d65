// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';
import { LaneError } from './error.js';

const identity = (path: string) =>
  stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );

/**
 * Refuses an `--output` that is one of the files that the document is about, however the path is spelled.
 * @throws LaneError `usage`
 */
export async function assertOtherFile(output: string, artifacts: readonly string[]): Promise<void> {
  const target = await identity(output);
  if (target === undefined) return;
  for (const artifact of artifacts) {
    if ((await identity(artifact)) === target) {
      throw new LaneError('usage', `--output ${output}: is the file ${artifact} that the document is about`, {
        fix: 'name another file for the document',
      });
    }
  }
}
