// SPDX-License-Identifier: Apache-2.0
import { statSync } from 'node:fs';

/**
 * Returns whether there is nothing at a path, a symbolic link that leads nowhere included. What cannot be told is left to who opens
 * it, and says why. Who asks this before opening what is seldom there loads nothing that reads files; it may be gone, or come, afterwards.
 */
export function isAbsent(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}
