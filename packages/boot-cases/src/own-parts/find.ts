// SPDX-License-Identifier: Apache-2.0
import { findSeedParts } from '@latticra/boot-seed';
import type { ByteSource } from '@latticra/disk-image';
import { isOwnLinuxLoader } from '@latticra/linux-image';
import type { OwnParts } from '@latticra/vm-run';

/**
 * Says what of an ISO, or of a raw disk, this version builds, byte for byte: the boot seed with its loaders, or the loaders
 * that start a Linux. The kernel of a Linux is its distribution's, and never ours. What cannot be read is not ours.
 */
export function findOwnParts(image: ByteSource, format: 'iso' | 'disk'): OwnParts {
  const seed = findSeedParts(image, format);
  if (seed.loader || !isOwnLinuxLoader(image, format)) return seed;
  // A kernel of the seed's that lies there as well is not what these loaders start.
  return { loader: true, kernel: false };
}
