// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { setBuildId } from './build-id.js';
import { setCommandLine } from './loader.js';

/** The functions that set to fixed values what a builder fills into a part, so that parts can be compared. */
const NORMALIZE = {
  kernel: { part: PREBUILT_PARTS.kernel, normalize: (bytes: Uint8Array) => setBuildId(bytes, 'any') },
  efiBootloader: {
    part: PREBUILT_PARTS.uefiLoader,
    normalize: (bytes: Uint8Array) => setCommandLine(bytes, ''),
  },
} as const;

/**
 * Returns whether bytes are the seed's own kernel with any build id, or its own UEFI loader with any command line:
 * apart from that slot, the bytes that the seed's sources assemble to.
 */
export function isOwnPart(artifact: string, bytes: Uint8Array): boolean {
  if (artifact !== 'kernel' && artifact !== 'efiBootloader') return false;
  const { part, normalize } = NORMALIZE[artifact];
  try {
    return Buffer.compare(normalize(bytes), normalize(part)) === 0;
  } catch (error) {
    if (error instanceof BootSeedError && error.code === 'no-slot') return false;
    throw error;
  }
}
