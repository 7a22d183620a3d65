// SPDX-License-Identifier: Apache-2.0
import { chmodSync, statSync } from 'node:fs';
import { errnoOf } from '@latticra/failure';

/** What a file system says that keeps no permissions: FAT and its like, and mounts of other systems. */
const NO_PERMISSIONS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Gives something that this process made the permissions that it is to have. Where the file system keeps none, those that it gives
 * everything have to let the owner do as much. Throws what the system says.
 * @param change the system's `chmod`, unless a test says otherwise
 */
export function setPermissions(path: string, mode: number, change = chmodSync): void {
  try {
    change(path, mode);
  } catch (error) {
    const owner = mode & 0o700;
    if (!NO_PERMISSIONS.includes(errnoOf(error)) || (statSync(path).mode & owner) !== owner) throw error;
  }
}
