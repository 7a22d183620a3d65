// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errnoOf, writeFailure } from './error.js';

/**
 * Makes the names in a folder durable: a rename that was not followed by this may be gone after a power cut.
 * File systems that cannot sync a folder say EINVAL or ENOTSUP, and have nothing to sync.
 * @internal
 */
export async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (['EINVAL', 'ENOTSUP'].includes(errnoOf(error))) return;
    throw writeFailure(path, error);
  }
}
