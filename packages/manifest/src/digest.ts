// SPDX-License-Identifier: Apache-2.0
import type { Measurement } from '@latticra/held-files';
import { ManifestError } from './error.js';

/**
 * Refuses a file whose digest is not the one that was recorded (64 hexadecimal digits).
 * @param path of the file, for the message
 * @throws ManifestError `mismatch`
 */
export function assertDigest(path: string, recordedSha256: string, found: Measurement): void {
  if (found.sha256 === recordedSha256) return;
  throw new ManifestError(
    'mismatch',
    `${path}: expected sha256:${recordedSha256}, found sha256:${found.sha256}`,
    {
      fix: 'restore the file that was recorded, or record the new one with a manifest of its own',
    },
  );
}
