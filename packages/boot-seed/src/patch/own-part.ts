// SPDX-License-Identifier: Apache-2.0
import { BootSeedError } from '../error.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { setBuildId } from './build-id.js';
import { setCommandLine } from './loader.js';

/** How a part reads once what a builder fills into it is the same everywhere. */
const NORMALIZE = {
  kernel: { part: PREBUILT_PARTS.kernel, normalize: (bytes: Uint8Array) => setBuildId(bytes, 'any') },
  efiBootloader: {
    part: PREBUILT_PARTS.uefiLoader,
    normalize: (bytes: Uint8Array) => setCommandLine(bytes, ''),
  },
} as const;

/**
 * True for the seed's own kernel with whatever build id, and for its own UEFI loader with whatever command line:
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
