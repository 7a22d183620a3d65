// SPDX-License-Identifier: Apache-2.0
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTemporaryFolder } from '@latticra/held-files';
import { createDrive, type DriveOptions } from './drive.js';
import type { Guard } from './guard.js';

/**
 * Lets a guard drive its lane in a folder of its own, which is gone afterwards.
 * @throws GuardFailure with the first fact that does not hold
 */
export async function holdGuard(guard: Guard, options: DriveOptions): Promise<void> {
  await withTemporaryFolder(join(tmpdir(), 'latticra-guard-'), (folder) =>
    guard.check(createDrive(folder, options)),
  );
}
