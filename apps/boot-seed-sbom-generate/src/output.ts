// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';
import { LaneError } from '@latticra/lane';

const identity = (path: string) =>
  stat(path, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => undefined,
  );

/**
 * Refuses to write the document over one of the files that it is about, however the path is spelled.
 * @throws LaneError `usage`
 */
export async function assertNoArtifact(output: string, artifacts: readonly string[]): Promise<void> {
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
