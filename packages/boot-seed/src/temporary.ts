// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTemporaryFolder } from '@latticra/held-files';

/**
 * Lets `use` work in a private folder below `parent`, which is gone afterwards, however `use` ends.
 * @throws HeldFileError `cannot-create`, `io`, also for a file in it
 */
export function inTemporaryFolder<T>(
  use: (folder: string) => Promise<T>,
  parent: string = tmpdir(),
): Promise<T> {
  return withTemporaryFolder(join(parent, 'latticra-seed-'), use);
}
